"""The folder that is uploaded: the bundle's own, or the one above all `sync` paths."""

import os
import posixpath
from pathlib import Path

from lakewright.bundle.model.draft import Draft
from lakewright.bundle.model.tree import Node
from lakewright.bundle.paths.local_path import posix
from lakewright.bundle.rules.paths.uploads.path_outside_sync_root import PathOutsideSyncRoot


def infer_sync_root(draft: Draft) -> None:
    """Make `sync` relative to the synchronised root: the bundle's folder, or the one above all sync paths."""
    sync = draft.tree.get("sync")
    if sync is None or not sync.is_map:
        draft.tree.value["sync"] = sync = Node({})
    for field in ("paths", "include", "exclude"):
        for element in sync.elements(field):
            element.value = _from_root(draft, element)
    paths = sync.get("paths")
    if paths is None or paths.value is None:
        sync.value["paths"] = Node([Node(".")])
    root = draft.root
    for element in sync.elements("paths"):
        while not Path(os.path.normpath(draft.root / str(element.value))).is_relative_to(root):
            root = root.parent
    draft.sync_root = root
    relative = posix(os.path.relpath(draft.root, root))
    for field in ("paths", "include", "exclude"):
        for element in sync.elements(field):
            element.value = posixpath.normpath(posixpath.join(relative, str(element.value)))


def check_sync_root(draft: Draft, worktree: Path | None) -> None:
    """Report sync paths that lead out of the git repository; outside of a repository every folder is fine."""
    if worktree is None:
        return
    repository, root = (Path(os.path.realpath(folder)) for folder in (worktree, draft.sync_root))
    sync = draft.tree.get("sync")
    for index, element in enumerate(sync.elements("paths") if sync else []):
        folder = Path(os.path.normpath(root / str(element.value)))
        if not folder.is_relative_to(repository):
            where = f"sync.paths[{index}]"
            draft.add(PathOutsideSyncRoot.of_repository(folder, repository, element.location, where))


def _from_root(draft: Draft, node: Node) -> str:
    folder = node.location.file.parent if node.location else draft.root
    return posix(os.path.relpath(os.path.normpath(folder / str(node.value)), draft.root))
