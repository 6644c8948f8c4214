"""The errors among the findings, raised as one exception."""

import re
from collections.abc import Iterable
from pathlib import Path

from lakewright.bundle.findings.printed.text import render, render_all
from lakewright.bundle.model.bundle import Bundle, BundleError
from lakewright.bundle.model.diagnostic import Diagnostic

_IN_TASK = re.compile(r"resources\.jobs\.[^.]+\.tasks\[")


def raise_on_errors(bundle: Bundle, *, in_tasks: bool = True) -> None:
    """Raise an error that holds every error of the bundle; warnings are left alone.

    Args:
        bundle: A loaded bundle.
        in_tasks: Whether errors inside of single tasks count; a dry run leaves them to `classify_task`, which
            calls such a task `[CONFIG]`.

    Raises:
        BundleError: If there is at least one.
    """
    raise_errors(
        (
            diagnostic
            for diagnostic in bundle.diagnostics
            if in_tasks or not _IN_TASK.match(diagnostic.path or "")
        ),
        of="the bundle",
        root=bundle.root,
    )


def raise_errors(findings: Iterable[Diagnostic], *, of: str, root: Path) -> None:
    """Raise an error that holds every error among some findings; warnings are left alone.

    Args:
        findings: The findings.
        of: What has the errors, for the message about several.
        root: The project's folder.

    Raises:
        BundleError: If there is at least one.
    """
    errors = [finding for finding in findings if finding.severity == "error"]
    if not errors:
        return
    if len(errors) == 1:
        only = errors[0]
        text = render(only).splitlines()[1:]
        detail = "\n".join(line.strip("\n") for line in text if "fix:" not in line and "-->" not in line)
        place = str(only.location) if only.location else only.path
        raise BundleError(only.summary, detail=detail or None, location=place, fix=only.fix, docs=only.docs)
    raise BundleError(
        f"{of} has {len(errors)} errors",
        detail=render_all(errors),
        location=str(root),
        fix="fix them from the top: later ones often follow from earlier ones; then `lakewright validate`",
    )
