"""Diagnostics as a good compiler prints them: the finding, its place, the line, the fix."""

import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from lakewright.bundle.model import Bundle, BundleError, Diagnostic, Location

_IN_TASK = re.compile(r"resources\.jobs\.[^.]+\.tasks\[")
_ORDER = {"error": 0, "warning": 1, "recommendation": 2}


def render(diagnostic: Diagnostic) -> str:
    """Return one diagnostic as text of several lines.

    Examples:
        >>> print(render(Diagnostic("error", "unknown variable", path="variables.a", fix="declare it")))
        error: unknown variable
          at variables.a
          fix: declare it
    """
    lines = [f"{diagnostic.severity}: {diagnostic.summary}"]
    if diagnostic.location:
        where = f" ({diagnostic.path})" if diagnostic.path else ""
        lines += [f"  --> {diagnostic.location}{where}", *_excerpt(diagnostic.location)]
    elif diagnostic.path:
        lines.append(f"  at {diagnostic.path}")
    lines += [f"  also {place}" for place in diagnostic.related]
    lines += [f"  {line}" for line in (diagnostic.detail or "").splitlines()]
    if diagnostic.fix:
        first, *rest = diagnostic.fix.splitlines()
        lines += [f"  fix: {first}", *(f"       {line}" for line in rest)]
    return "\n".join(lines)


def render_all(diagnostics: Iterable[Diagnostic]) -> str:
    """Return the diagnostics as text, errors first, an empty line between two."""
    ordered = sorted(diagnostics, key=lambda diagnostic: _ORDER[diagnostic.severity])
    return "\n\n".join(render(diagnostic) for diagnostic in ordered)


def tally(diagnostics: Iterable[Diagnostic]) -> str:
    """Return how many of each there are, such as `1 error, 2 warnings`; empty if there are none."""
    found: list[str] = [diagnostic.severity for diagnostic in diagnostics]
    counts = [(kind, found.count(kind)) for kind in _ORDER]
    return ", ".join(f"{count} {kind}{'' if count == 1 else 's'}" for kind, count in counts if count)


@lru_cache(maxsize=64)
def _lines(file: Path) -> tuple[str, ...]:
    try:
        return tuple(file.read_text(encoding="utf-8", errors="replace").splitlines())
    except OSError:
        return ()


def _excerpt(location: Location) -> list[str]:
    lines = _lines(location.file)
    if location.line > len(lines):
        return []
    line = lines[location.line - 1].replace("\t", "→")
    if not line.strip():
        return []
    number = str(location.line)
    gutter = " " * (len(number) + 3)
    return [
        f"{gutter}|",
        f"   {number}| {line}"[: len(gutter) + 160],
        f"{gutter}| {' ' * (location.column - 1)}^",
    ]


def raise_on_errors(bundle: Bundle, *, in_tasks: bool = True) -> None:
    """Raise an error that holds every error of the bundle; warnings are left alone.

    Args:
        bundle: A loaded bundle.
        in_tasks: Whether errors inside of single tasks count; a dry run leaves them to `classify_task`, which
            calls such a task `[CONFIG]`.

    Raises:
        BundleError: If there is at least one.
    """
    errors = [
        diagnostic
        for diagnostic in bundle.diagnostics
        if diagnostic.severity == "error" and (in_tasks or not _IN_TASK.match(diagnostic.path or ""))
    ]
    if not errors:
        return
    if len(errors) == 1:
        only = errors[0]
        text = render(only).splitlines()[1:]
        detail = "\n".join(line.strip("\n") for line in text if "fix:" not in line and "-->" not in line)
        place = str(only.location) if only.location else only.path
        raise BundleError(only.summary, detail=detail or None, location=place, fix=only.fix)
    raise BundleError(
        f"the bundle has {len(errors)} errors",
        detail=render_all(errors),
        location=str(bundle.root),
        fix="fix them from the top: later ones often follow from earlier ones; then `lakewright validate`",
    )
