"""Which file of the project a path of the resolved bundle stands for; the reverse of `paths`."""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath
from typing import Any, Protocol

from lakewright.bundle.paths.local_path import is_local
from lakewright.bundle.paths.notebooks import find_notebook
from lakewright.bundle.reading.disk import is_dir, is_file


class Rooted(Protocol):
    """The part of a bundle that says where its files lie, here and in the workspace."""

    @property
    def sync_root(self) -> Path:
        """The folder whose content is uploaded."""

    @property
    def resolved(self) -> dict[str, Any]:
        """The bundle in the shape of `databricks bundle validate -o json`."""


def local_file(bundle: Rooted, path: str) -> Path | None:
    """Return the file or folder of the project that a path of `bundle.resolved` stands for.

    Args:
        bundle: A loaded bundle.
        path: A workspace path below `workspace.file_path` (a notebook's without its ending), or a path
            relative to the synchronised root, as libraries have it (it may hold `*`: the newest file counts).

    Returns:
        The existing file or folder; None if the path belongs to the workspace alone or nothing is there.
    """
    target = expected_file(bundle, path)
    if target is None or is_file(target) or is_dir(target):
        return target
    if "*" in target.name and is_dir(target.parent):
        return max(target.parent.glob(target.name), key=_age, default=None)
    return find_notebook(target)


def expected_file(bundle: Rooted, path: str) -> Path | None:
    """Return where a path of `bundle.resolved` points to in the project, whether or not anything is there."""
    below = below_workspace(bundle, path)
    if below is not None:
        return Path(os.path.normpath(bundle.sync_root / below))
    if is_local(path) or Path(path).is_relative_to(bundle.sync_root):
        return Path(os.path.normpath(bundle.sync_root / path))
    return None


def below_workspace(bundle: Rooted, path: str) -> PurePosixPath | None:
    """Return a path's part below `workspace.file_path`, which is written with or without `/Workspace`; else None."""
    root = str((bundle.resolved.get("workspace") or {}).get("file_path") or "").removeprefix("/Workspace")
    bare = PurePosixPath(path.removeprefix("/Workspace"))
    return bare.relative_to(root) if root and bare.is_relative_to(root) else None


def _age(file: Path) -> tuple[float, str]:
    return file.stat().st_mtime, file.name
