"""Which tag may be released: a semantic version of one bundle, newer than all others of it, of a commit of the release branch.

The tag of the bundle in the repository's own folder is `v1.2.3`; that of another one begins with its folder, `orders/v1.2.3`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from lakewright.release.errors import HistoryError, ReleaseError
from lakewright.release.repository import Repository

_VERSION = re.compile(r"v(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)", re.ASCII)
Version = tuple[int, int, int]


@dataclass(frozen=True)
class Tag:
    """A tag that may be released.

    Attributes:
        name: Its name.
        commit: Its commit.
        before: The newest of the older tags of the bundle; None for the first.
    """

    name: str
    commit: str
    before: str | None


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
    repository.refuse_shallow()
    commit = repository.commit(f"refs/tags/{tag}")
    if commit is None:
        raise HistoryError(
            f"there is no tag {tag} here", location=str(project), fix="fetch the tags: git fetch --tags"
        )
    if newest and not older and version < max(others):
        raise ReleaseError(
            f"{tag} is older than {newest}",
            fix=f"tag the commit with the next version: git tag {next_tag(newest, folder)}\n"
            f"to go back to {tag}, use the rollback: lakewright release check {tag} --older",
        )
    _refuse_elsewhere(repository, tag, commit, branch)
    below = [each for each in others if each < version]
    return Tag(tag, commit, others[max(below)] if below else None)


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


def _refuse_elsewhere(repository: Repository, tag: str, commit: str, branch: str) -> None:
    """Raise if a tag's commit is not on the branch, or not what is checked out."""
    tip = repository.commit(f"refs/remotes/origin/{branch}") or repository.commit(f"refs/heads/{branch}")
    if tip is None:
        raise HistoryError(
            f"there is no branch {branch} here, neither of origin nor a local one",
            location=str(repository.folder),
            fix=f"fetch it: git fetch origin {branch}, or name the branch of releases: --branch NAME",
        )
    if repository.ask("rev-list", "--count", f"{tip}..{commit}") != "0":
        raise ReleaseError(
            f"the commit of {tag} is not on the branch {branch}",
            detail=f"{tag} is {commit[:12]}; {branch} ends at {tip[:12]}",
            fix=f"merge it to {branch}, and tag the commit that is there: git push --delete origin {tag}; git tag -f {tag} origin/{branch}",
        )
    if repository.head != commit:
        raise ReleaseError(
            f"{tag} is not what is checked out",
            detail=f"{tag} is {commit[:12]}; checked out is {repository.head[:12]}",
            fix=f"git checkout {tag}",
        )


def _start(folder: str) -> str:
    return "" if folder == "." else f"{folder}/"
