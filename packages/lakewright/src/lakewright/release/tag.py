"""Which tag may be released: a semantic version, newer than all others, of a commit of the release branch."""

from __future__ import annotations

import re
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
        before: The newest of the older tags; None for the first.
    """

    name: str
    commit: str
    before: str | None


def version_of(tag: str) -> Version | None:
    """Return the version that a tag names; None if it names none.

    Examples:
        >>> version_of("v1.10.0"), version_of("v1.2"), version_of("v01.2.3")
        ((1, 10, 0), None, None)
    """
    found = _VERSION.fullmatch(tag)
    return (int(found[1]), int(found[2]), int(found[3])) if found else None


def check_tag(project: Path, tag: str, *, branch: str, older: bool = False) -> Tag:
    """Return a tag that may be released.

    Args:
        project: A folder of the repository, whose whole history is here.
        tag: The tag's name, such as `v1.2.3`.
        branch: The branch that releases are made from.
        older: Whether a tag may be released again when newer ones exist, to go back to it.

    Raises:
        ReleaseError: The tag is no version, older than another one, not on the branch, or not what is checked out.
        HistoryError: The tag, the branch or older commits are missing here.
    """
    version = version_of(tag)
    repository = Repository(project)
    others = {
        found: name
        for name in repository.ask("tag", "--list", "v*").splitlines()
        if name != tag and (found := version_of(name))
    }
    newest = others[max(others)] if others else None
    if version is None:
        raise ReleaseError(
            f"`{tag}` is no version",
            detail="a release is a tag vX.Y.Z without leading zeros, such as v1.4.0",
            fix=f"tag the commit with the next version: git tag {_next(newest)}",
        )
    repository.refuse_shallow()
    commit = repository.commit(f"refs/tags/{tag}")
    if commit is None:
        raise HistoryError(
            f"there is no tag {tag} here", location=str(project), fix="fetch the tags: git fetch --tags"
        )
    if newest and not older and version < max(others):
        raise ReleaseError(
            f"{tag} is older than {newest}",
            fix=f"tag the commit with the next version: git tag {_next(newest)}\n"
            f"to go back to {tag}, use the rollback: lakewright release check {tag} --older",
        )
    _refuse_elsewhere(repository, tag, commit, branch)
    below = [each for each in others if each < version]
    return Tag(tag, commit, others[max(below)] if below else None)


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


def _next(newest: str | None) -> str:
    version = version_of(newest or "") or (0, 0, 0)
    return f"v{version[0]}.{version[1] + 1}.0"
