"""What the bundle of a git ref declares, and what there is to compare with it.

Python code of a bundle is not executed for that: a comparison in CI must not run the code of a pull request.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from databricks_utils.errors import DiagnosedError
from lakewright.bundle import Bundle, BundleNotFoundError, load_bundle
from lakewright.errors import LakewrightError
from lakewright.grants.declared import Declared, declared_by, require_usable, require_valid
from lakewright.past.files import Past, past_of
from lakewright.past.git import commit_of, git

_SUFFIXES = (".yaml", ".yml", ".json")
_USER = "DATABRICKS_CURRENT_USER"


class RefRangeError(LakewrightError, ValueError):
    """Raised when `REF..REF` lacks one of its two refs."""


@contextmanager
def bundle_at(project: Path, ref: str) -> Iterator[Past]:
    """Copy what the bundle of a ref is read from, for as long as the block lasts.

    Args:
        project: The project's folder.
        ref: A branch, tag or commit.

    Raises:
        GitError: There is no git, no repository, or no such ref.
    """
    with past_of(project, ref, suffixes=_SUFFIXES) as past:
        own = (
            project / ".databricks"
        )  # overrides of variables: no commit holds them, so they count for both sides
        for file in own.glob("bundle/*/variable-overrides.json"):
            copy = past.project / file.relative_to(project)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, copy)
        yield past


def declared_at(
    past: Past, *, target: str | None, today: Bundle, variables: Mapping[str, str] | None = None
) -> Declared | None:
    """Return what the bundle of a copy declares; None if there was no bundle, or no such target, at that time.

    Args:
        past: The copy.
        target: The target; without one, the default target.
        today: The bundle of today, which gives the user: a copy is no repository that would name one.
        variables: Values of variables, as `--var` gives them.

    Raises:
        BundleError: The bundle cannot be used; it names the ref.
        GrantsError: A privilege or a group is wrong.
    """
    user = ((today.resolved.get("workspace") or {}).get("current_user") or {}).get("userName")
    environ = {**os.environ, **({_USER: str(user)} if user else {})}
    try:
        bundle = load_bundle(
            past.project, target=target, variables=variables, environ=environ, run_python=False
        )
    except BundleNotFoundError:
        return None
    if not bundle.root.is_relative_to(past.project):  # a bundle above the copy is another one
        return None
    if target is not None and target not in bundle.targets:
        return None
    try:
        usable = require_usable(replace(bundle, user_source=today.user_source))
        return require_valid(declared_by(usable))
    except DiagnosedError as error:
        raise _at_ref(error, past) from error


def targets_at(past: Past) -> tuple[str, ...]:
    """Return the targets of the bundle of a copy; none if there was no bundle."""
    try:
        return load_bundle(past.project, run_python=False).targets
    except BundleNotFoundError:
        return ()


def _at_ref(error: DiagnosedError, past: Past) -> DiagnosedError:
    """Return the error with the ref in place of the copy's folder, as `git show` reads it."""

    def renamed(text: str | None) -> str | None:
        return text and text.replace(f"{past.root}/", f"{past.ref}:").replace(
            f"{_shown(past.root)}/", f"{past.ref}:"
        )

    return type(error)(
        error.summary,
        detail=renamed(error.detail),
        location=renamed(error.location),
        fix=renamed(error.fix),
        docs=error.docs,
    )


def _shown(folder: Path) -> str:
    here = Path.cwd()
    return str(folder.relative_to(here)) if folder.is_relative_to(here) else str(folder)


def refs_of(project: Path, text: str) -> tuple[str, str]:
    """Return the two refs of `REF..REF`; with three dots, as git diff has it, the first is where the second has branched off.

    Args:
        project: The project's folder.
        text: The two refs.

    Raises:
        RefRangeError: One of them is missing.
        GitError: git does not know one of three dots, or they have nothing in common.
    """
    dots = "..." if "..." in text else ".."
    before, _, after = text.partition(dots)
    if not (before and after):
        raise RefRangeError(
            f"`{text}` is no pair of refs",
            fix="name two, as in main..HEAD; or compare with your files: --against main",
        )
    if dots == "..":
        return before, after
    ends = [commit_of(project, ref) for ref in (before, after)]
    return git(project, "merge-base", *ends).decode().strip(), after
