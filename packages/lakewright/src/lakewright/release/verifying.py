"""Whether a folder holds the release of the commit that is checked out: these very bytes, and nothing else."""

from __future__ import annotations

from pathlib import Path

from lakewright.release.errors import HistoryError, ReleaseError
from lakewright.release.manifest import FILE, Manifest, read_manifest, wheel_of
from lakewright.release.repository import Repository

_TAKE = "take the folder that was built and tested, as it was; what was built anew must be tested anew"


def verify(project: Path, folder: Path, *, tag: str | None = None) -> Manifest:
    """Return the manifest of a release that may be deployed from here.

    Args:
        project: The project, checked out at the commit of the release.
        folder: The folder of the release.
        tag: The tag whose commit it has to be; None for any.

    Raises:
        ReleaseError: A wheel differs, is missing or is not in the manifest; the release is of another bundle, another
            commit or another tag; files of the repository differ from the commit.
        HistoryError: The tag is not here.
    """
    manifest = read_manifest(folder)
    repository = Repository(project)
    _refuse_other_bundle(repository, manifest, folder)
    _refuse_other_commit(repository, manifest, folder, tag)
    repository.refuse_changes()
    listed = {wheel.path: wheel for wheel in manifest.wheels}
    there = {
        path.relative_to(folder).as_posix(): path
        for path in sorted(folder.rglob("*"))
        if path.is_symlink() or not path.is_dir()
    }
    there.pop(FILE)
    for path, wheel in listed.items():
        if path not in there or there[path].is_symlink():
            raise ReleaseError("a wheel of the release is missing", location=str(folder / path), fix=_TAKE)
        found = wheel_of(there[path], path)
        if found != wheel:
            raise ReleaseError(
                "a wheel is not the one that was built",
                detail=f"sha256 {found.sha256}, {found.size} bytes\nbuilt  {wheel.sha256}, {wheel.size} bytes",
                location=str(there[path]),
                fix=_TAKE,
            )
    if extra := sorted(there.keys() - listed.keys()):
        raise ReleaseError(
            "the folder holds a file that the release does not list", location=str(there[extra[0]]), fix=_TAKE
        )
    return manifest


def _refuse_other_bundle(repository: Repository, manifest: Manifest, folder: Path) -> None:
    """Raise if a release is of another bundle of the repository: its commit alone does not tell."""
    if manifest.folder != repository.place:
        raise ReleaseError(
            "the release is of another bundle",
            detail=f"it was built in `{manifest.folder}` of the repository ({manifest.bundle}); this bundle is in `{repository.place}`",
            location=str(folder / FILE),
            fix=f"take the release of this bundle, or deploy that one: cd {repository.root / manifest.folder}",
        )


def _refuse_other_commit(repository: Repository, manifest: Manifest, folder: Path, tag: str | None) -> None:
    head = repository.head
    if tag is not None:
        commit = repository.commit(f"refs/tags/{tag}")
        if commit is None:
            raise HistoryError(
                f"there is no tag {tag} here", location=str(repository.folder), fix="git fetch --tags"
            )
        if commit != manifest.commit:
            raise ReleaseError(
                f"the release is not that of {tag}",
                detail=f"{tag} is {commit[:12]}; the release was built from {manifest.commit[:12]}",
                location=str(folder / FILE),
                fix=f"git checkout {tag}, then build it: lakewright release build -o FOLDER",
            )
    if head != manifest.commit:
        raise ReleaseError(
            "the release is of another commit than the one that is checked out",
            detail=f"the release was built from {manifest.commit[:12]}; checked out is {head[:12]}",
            location=str(folder / FILE),
            fix=f"git checkout {manifest.commit[:12]}",
        )
