"""One check for each kind of thing that a path can name: a notebook, a file, a folder, a pattern."""

from collections.abc import Callable
from pathlib import Path

from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.model.draft import Draft
from lakewright.bundle.paths.local_path import relative_to_sync_root
from lakewright.bundle.paths.nearest_file import nearest_file
from lakewright.bundle.paths.notebooks import (
    ENDINGS,
    find_notebook,
    notebook_language,
    why_not_a_notebook,
    workspace_name,
)
from lakewright.bundle.reading.disk import is_dir, is_file
from lakewright.bundle.rules.paths.file_not_found import FileNotFound
from lakewright.bundle.rules.paths.folder_not_found import FolderNotFound
from lakewright.bundle.rules.paths.notebooks.not_a_notebook import NotANotebook
from lakewright.bundle.rules.paths.notebooks.notebook_in_place_of_file import NotebookInPlaceOfFile
from lakewright.bundle.rules.paths.notebooks.notebook_not_found import NotebookNotFound


class PathError(Exception):
    """Raised when a path leads to nothing, or to the wrong kind of thing; carries the finding, without its place."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.summary)
        self.diagnostic = diagnostic


def _nearest(draft: Draft, target: Path, endings: tuple[str, ...] = ()) -> str:
    """Return the fix for a path that leads nowhere; tasks and targets with the same path share one search."""
    key = (target, endings)
    if key not in draft.nearest:
        draft.nearest[key] = nearest_file(draft.sync_root, target, endings)
    return draft.nearest[key]


def notebook(draft: Draft, text: str, target: Path) -> str:
    """Return a notebook's path below the uploaded folder, without its ending."""
    found = find_notebook(target)
    if found is None:
        raise PathError(NotebookNotFound.of(text, _nearest(draft, target, ENDINGS)))
    if notebook_language(found) is None:
        raise PathError(NotANotebook.of(text, found.suffix, why_not_a_notebook(found)))
    return workspace_name(relative_to_sync_root(draft, found))


def file(draft: Draft, text: str, target: Path) -> str:
    """Return a plain file's path below the uploaded folder."""
    if not is_file(target):
        raise PathError(FileNotFound.of(text, _nearest(draft, target)))
    if notebook_language(target):
        raise PathError(NotebookInPlaceOfFile.of(text))
    return relative_to_sync_root(draft, target)


def folder(draft: Draft, text: str, target: Path) -> str:
    """Return a folder's path below the uploaded folder."""
    if not is_dir(target):
        fix = _nearest(draft, target)
        raise PathError(FolderNotFound.of(text, fix, is_file=is_file(target)))
    return relative_to_sync_root(draft, target)


def pattern(draft: Draft, text: str, target: Path) -> str:
    """Return a pattern's path below the uploaded folder; whether it matches anything is not checked."""
    del text
    return relative_to_sync_root(draft, target)


CHECKS: dict[str, Callable[[Draft, str, Path], str]] = {
    "notebook": notebook,
    "file": file,
    "directory": folder,
    "glob": pattern,
}
"""For each kind: the function that returns the path below the uploaded folder, or raises `PathError`."""
