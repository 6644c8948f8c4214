"""What the history must say of a tag that is released, whatever its versions look like: newer than all others, merged, checked out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lakewright.release.errors import HistoryError, ReleaseError
from lakewright.release.repository import Repository


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


def check_history(
    repository: Repository, tag: str, versions: Mapping[str, Any], *, branch: str, fix: str | None
) -> Tag:
    """Return a tag that may be released.

    Args:
        repository: The repository, whose whole history is here.
        tag: The tag's name.
        versions: The versions of this tag and of those that it is compared with, by their names: any that have an order.
        branch: The branch that releases are made from.
        fix: What to do if the tag is older than another one; None if it may be.

    Raises:
        ReleaseError: The tag is older than another one, not on the branch, or not what is checked out.
        HistoryError: The tag, the branch or older commits are missing here.
    """
    repository.refuse_shallow()
    commit = repository.commit(f"refs/tags/{tag}")
    if commit is None:
        raise HistoryError(
            f"there is no tag {tag} here",
            location=str(repository.folder),
            fix=f"fetch the tags: git fetch --tags, or make it on a commit of {branch}: git tag {tag}",
        )
    newest = max(versions, key=lambda name: versions[name])
    if fix is not None and newest != tag:
        raise ReleaseError(f"{tag} is older than {newest}", fix=fix)
    _refuse_elsewhere(repository, tag, commit, branch)
    below = [name for name in versions if versions[name] < versions[tag]]
    return Tag(tag, commit, max(below, key=lambda name: versions[name], default=None))


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
            fix=f"merge it to {branch}, and tag the commit that is there with the next version; {tag} may stay, it deploys nothing",
        )
    if repository.head != commit:
        raise ReleaseError(
            f"{tag} is not what is checked out",
            detail=f"{tag} is {commit[:12]}; checked out is {repository.head[:12]}",
            fix=f"git checkout {tag}",
        )
