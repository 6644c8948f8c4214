"""Which tag may be released: a semantic version of one bundle, newer than all others of it, of a commit of the release branch.

The tag of the bundle in the repository's own folder is `v1.2.3`; that of another one begins with its folder, `orders/v1.2.3`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from lakewright.release.errors import ReleaseError
from lakewright.release.history import Tag, check_history
from lakewright.release.repository import Repository

_VERSION = re.compile(r"v(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)", re.ASCII)
Version = tuple[int, int, int]


def version_of(tag: str, folder: str = ".") -> Version | None:
    """Return the version that a tag names for the bundle in a folder of the repository; None if it names none.

    Examples:
        >>> version_of("v1.10.0"), version_of("v1.2"), version_of("v01.2.3")
        ((1, 10, 0), None, None)
        >>> version_of("orders/v1.2.3", "orders"), version_of("orders/v1.2.3")
        ((1, 2, 3), None)
    """
    start = _start(folder)
    found = _VERSION.fullmatch(tag.removeprefix(start)) if tag.startswith(start) else None
    return (int(found[1]), int(found[2]), int(found[3])) if found else None


def versions_of(tags: Iterable[str], folder: str) -> dict[Version, str]:
    """Return the tags of a bundle by their versions."""
    return {version: tag for tag in tags if (version := version_of(tag, folder))}


def next_tag(newest: str | None, folder: str) -> str:
    """Return the next tag of a bundle: the minor version after the newest."""
    version = version_of(newest or "", folder) or (0, 0, 0)
    return f"{_start(folder)}v{version[0]}.{version[1] + 1}.0"


def check_tag(project: Path, tag: str, *, branch: str, older: bool = False) -> Tag:
    """Return a tag that may be released.

    Args:
        project: The bundle's folder in the repository, whose whole history is here.
        tag: The tag's name, such as `v1.2.3`, or `orders/v1.2.3` for a bundle in the folder `orders`.
        branch: The branch that releases are made from.
        older: Whether a tag may be released again when newer ones exist, to go back to it.

    Raises:
        ReleaseError: The tag is no version or of another bundle, older than another one, not on the branch, or not what is checked out.
        HistoryError: The tag, the branch or older commits are missing here.
    """
    repository = Repository(project)
    folder = repository.place
    version = version_of(tag, folder)
    others = versions_of(
        (name for name in repository.ask("tag", "--list").splitlines() if name != tag), folder
    )
    newest = others[max(others)] if others else None
    if version is None:
        raise _no_version(tag, folder, newest)
    following = f"tag the commit with the next version: git tag {next_tag(newest, folder)}"
    back = f"to go back to {tag}, use the rollback: lakewright release check {tag} --older"
    versions = {**{name: found for found, name in others.items()}, tag: version}
    return check_history(
        repository, tag, versions, branch=branch, fix=None if older else f"{following}\n{back}"
    )


def _no_version(tag: str, folder: str, newest: str | None) -> ReleaseError:
    fix = f"tag the commit with the next version: git tag {next_tag(newest, folder)}"
    place = "." if "/" not in tag else tag.rpartition("/")[0]
    if place != folder and version_of(tag, place):
        whose, mine = (
            "the repository's own folder" if each == "." else f"`{each}`" for each in (place, folder)
        )
        return ReleaseError(
            f"`{tag}` is a version of the bundle in {whose}, and this one is in {mine}",
            fix=f"run it in the folder of that bundle, or {fix}",
        )
    return ReleaseError(
        f"`{tag}` is no version",
        detail=f"a release is a tag {_start(folder)}vX.Y.Z without leading zeros, such as {_start(folder)}v1.4.0",
        fix=fix,
    )


def _start(folder: str) -> str:
    return "" if folder == "." else f"{folder}/"
