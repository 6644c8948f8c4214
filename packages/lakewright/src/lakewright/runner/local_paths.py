"""Where a file of the resolved bundle lies on this machine: workspace paths lead back into the project."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any, Protocol


class BundleLike(Protocol):
    """The part of a bundle that the runner reads."""

    @property
    def root(self) -> Path:
        """The project's folder."""

    @property
    def resolved(self) -> dict[str, Any]:
        """The bundle in the shape of `databricks bundle validate -o json`."""

    @property
    def jobs(self) -> Mapping[str, dict[str, Any]]:
        """The jobs by key."""

    def locate(self, path: str) -> object:
        """The place of a value, or None."""


def local_file(bundle: BundleLike, path: str) -> Path:
    """The local file (or notebook, perhaps without its extension) behind a path of the resolved bundle."""
    remote = PurePosixPath(path)
    base = getattr(bundle, "sync_root", bundle.root)
    for prefix in _remote_roots(bundle):
        if remote.is_relative_to(prefix):
            return Path(base / remote.relative_to(prefix))
    local = Path(path)
    return local if local.is_absolute() else Path(bundle.root / local)


def _remote_roots(bundle: BundleLike) -> list[PurePosixPath]:
    workspace = bundle.resolved.get("workspace") or {}
    found = str(workspace.get("file_path") or "")
    if not found:
        return []
    bare = found.removeprefix("/Workspace")
    return [PurePosixPath(found), PurePosixPath(bare), PurePosixPath("/Workspace" + bare)]
