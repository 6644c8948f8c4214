"""The newest release of each bundle of a repository, and which bundles have changed since theirs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from lakewright.release.changed import bundle_folders, changed_files, files_of
from lakewright.release.repository import Repository
from lakewright.release.tag import next_tag, versions_of


@dataclass(frozen=True)
class Released:
    """The newest release of a bundle.

    Attributes:
        folder: Its folder in the repository, `.` for the repository's own.
        tag: The tag of the release.
    """

    folder: str
    tag: str


@dataclass(frozen=True)
class Due:
    """A bundle that has changed since its newest release.

    Attributes:
        folder: Its folder in the repository.
        last: The tag of the newest release; None if there is none yet.
        next: The tag of the next one, if that is no patch and no major version.
        files: The changed files that it is made of; empty before the first release.
    """

    folder: str
    last: str | None
    next: str
    files: tuple[str, ...]


def newest_releases(start: Path, tags: Iterable[str] | None = None) -> tuple[Released, ...]:
    """Return the newest release of each bundle that has one.

    Args:
        start: A folder of the repository.
        tags: The tags that are releases, such as those that reached prod; None: all tags of the repository.

    Raises:
        ReleaseError: There is no git or no repository.
    """
    repository = Repository(start)
    given = repository.ask("tag", "--list").splitlines() if tags is None else list(tags)
    found = ((folder, versions_of(given, folder)) for folder in sorted(bundle_folders(repository)))
    return tuple(Released(folder, versions[max(versions)]) for folder, versions in found if versions)


def due_releases(start: Path, *, shared: Sequence[str] = ()) -> tuple[Due, ...]:
    """Return the bundles that have changed between their newest release and the commit that is checked out.

    Args:
        start: A folder of the repository, whose whole history is here.
        shared: Files and folders of the repository that concern all bundles.

    Raises:
        ReleaseError: There is no git or no repository.
        HistoryError: Older commits are missing here.
    """
    repository = Repository(start)
    repository.refuse_shallow()
    bundles = bundle_folders(repository)
    last = {each.folder: each.tag for each in newest_releases(start)}
    found = []
    for folder in sorted(bundles):
        tag = last.get(folder)
        files = changed_files(repository, f"refs/tags/{tag}..HEAD") if tag else []
        mine = files_of(repository, folder, files, bundles=bundles, shared=shared)
        if mine or tag is None:
            found.append(Due(folder, tag, next_tag(tag, folder), mine))
    return tuple(found)
