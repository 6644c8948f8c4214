"""Which bundles of a repository a range of commits changes: their own files, and what they share with others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from lakewright.bundle import Bundle, load_bundle
from lakewright.bundle.uploads.ignoring import Uploads
from lakewright.project import BUNDLE_FILES
from lakewright.release.errors import HistoryError, ReleaseError
from lakewright.release.repository import Repository


@dataclass(frozen=True)
class Changed:
    """A bundle that has to be checked or deployed again.

    Attributes:
        folder: Its folder in the repository, `.` for the repository's own.
        files: The changed files that it is made of; empty if all bundles count as changed.
    """

    folder: str
    files: tuple[str, ...]


@dataclass(frozen=True)
class Comparison:
    """What a range of commits changes.

    Attributes:
        changed: The bundles, by folder.
        note: Why all bundles count as changed; empty otherwise.
    """

    changed: tuple[Changed, ...]
    note: str = ""


def changed_bundles(start: Path, span: str, *, shared: Sequence[str] = ()) -> Comparison:
    """Return the bundles that a range of commits changes.

    A file counts for the bundle whose folder is the nearest above it, for each bundle around that one which uploads it too, and for those
    that take it from outside: by `sync.paths`, by an artifact that is built there, or as a wheel.

    Args:
        start: A folder of the repository; what is checked out is the end of the range.
        span: `BASE..HEAD`, or `BASE...HEAD` for what HEAD has changed since it left BASE. A BASE of zeros, which CI systems give for a new
            branch, and one that no longer exists stand for everything.
        shared: Files and folders of the repository that concern all bundles, such as the lock of all packages.

    Raises:
        ReleaseError: The range is none, or its end is not checked out.
        HistoryError: Older commits are missing here.
    """
    repository = Repository(start)
    base, dots, head = _parts(span)
    end = repository.commit(head)
    if end is None or end != repository.head:
        raise ReleaseError(
            f"`{head}` is not what is checked out",
            detail="which files a bundle is made of is read from the files here",
            location=str(start),
            fix=f"git checkout {head}, or end the range with HEAD",
        )
    bundles = bundle_folders(repository)
    note = _whole(repository, base)
    if note:
        return Comparison(tuple(Changed(folder, ()) for folder in sorted(bundles)), note)
    files = changed_files(repository, f"{base}{dots}{head}")
    found = (
        Changed(folder, of_it)
        for folder in sorted(bundles)
        if (of_it := files_of(repository, folder, files, bundles=bundles, shared=shared))
    )
    return Comparison(tuple(found))


def bundle_folders(repository: Repository) -> set[str]:
    """Return the folders of the bundles that the commit has which is checked out."""
    return {
        PurePosixPath(name).parent.as_posix()
        for name in repository.names("ls-tree", "-r", "-z", "--name-only", "--full-tree", repository.head)
        if PurePosixPath(name).name in BUNDLE_FILES
    }


def changed_files(repository: Repository, span: str) -> list[str]:
    """Return the files that a range of commits changes; both names of one that was renamed."""
    return repository.names("diff", "--name-only", "--no-renames", "-z", span)


def files_of(
    repository: Repository,
    folder: str,
    files: Sequence[str],
    *,
    bundles: set[str],
    shared: Sequence[str] = (),
) -> tuple[str, ...]:
    """Return those of the files that a bundle is made of, and those that concern all.

    Args:
        repository: The repository.
        folder: The bundle's folder in it.
        files: Files of the repository.
        bundles: The folders of all bundles.
        shared: Files and folders that concern all bundles.
    """
    mine = _Made(repository.root, folder, bundles).of(files)
    return tuple(dict.fromkeys((*mine, *(name for name in files if _is_below(name, shared)))))


def _parts(span: str) -> tuple[str, str, str]:
    for dots in ("...", ".."):
        base, found, head = span.partition(dots)
        if found and base and head and not base.startswith("-") and not head.startswith("-"):
            return base, dots, head
    raise ReleaseError(
        f"`{span}` is no range of commits",
        fix="give both ends: lakewright release changed origin/main...HEAD",
    )


def _whole(repository: Repository, base: str) -> str:
    """Return why all bundles count as changed; empty if the base is known."""
    if not base.strip("0"):
        return "there is no earlier commit, so all bundles count as changed"
    if repository.commit(base) is not None:
        return ""
    repository.refuse_shallow()
    if len(base) != 40 or not set(base) <= set("0123456789abcdef"):
        raise HistoryError(
            f"git knows no commit `{base}`", location=str(repository.folder), fix="fetch it: git fetch origin"
        )
    return f"the commit {base[:12]} no longer exists (a forced push), so all bundles count as changed"


class _Made:
    """What one bundle is made of."""

    def __init__(self, root: Path, folder: str, bundles: set[str]) -> None:
        self._root = root
        self._folder = folder
        self._bundles = bundles
        self._bundle: Bundle = load_bundle(root / folder, run_python=False)
        self._uploads = Uploads(self._bundle)
        self._outside = self._folders()

    def of(self, files: Iterable[str]) -> list[str]:
        """Return those of the files that it is made of."""
        return [name for name in files if self._has(name)]

    def _has(self, name: str) -> bool:
        nearest = _nearest(name, self._bundles)
        if nearest == self._folder or _is_below(name, self._outside):
            return True
        # Another bundle's, which lies within this one's folder and is uploaded with it.
        file = self._root / name
        return _is_below(name, [self._folder]) and self._uploads.left_out(file) is None

    def _folders(self) -> list[str]:
        """Return files and folders outside of its own that it takes something from."""
        base = self._bundle.sync_root
        resolved = self._bundle.resolved
        taken = [base / str(path) for path in (resolved.get("sync") or {}).get("paths") or ()]
        artifacts = [each for each in (resolved.get("artifacts") or {}).values() if isinstance(each, dict)]
        taken += [Path(str(each["path"])) for each in artifacts if each.get("path")]
        taken += [self._bundle.root / str(name) for name in resolved.get("include") or ()]
        own = (self._root / self._folder).resolve()
        # A folder above its own (`sync.paths: [..]`) is uploaded as a whole, other bundles included.
        return [
            path.relative_to(self._root).as_posix()
            for path in (each.resolve() for each in taken)
            if path.is_relative_to(self._root) and not path.is_relative_to(own)
        ]


def _nearest(name: str, bundles: set[str]) -> str | None:
    return next((str(each) for each in PurePosixPath(name).parents if each.as_posix() in bundles), None)


def _is_below(name: str, folders: Iterable[str]) -> bool:
    path = PurePosixPath(name)
    return any(folder == "." or path.is_relative_to(folder) for folder in folders)
