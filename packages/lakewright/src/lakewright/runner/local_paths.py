"""Where a file of the resolved bundle lies on this machine: workspace paths lead back into the project."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, Protocol, cast

from lakewright.bundle.resource_values import local_value

if TYPE_CHECKING:
    from lakewright.bundle import Bundle


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


def localise(bundle: BundleLike, value: Any) -> Any:
    """A value of the resolved bundle as a local run means it.

    `${resources.schemas.x.name}` and the like get their value, and a path below `workspace.file_path` becomes the
    path of the file here; lists and mappings are followed.
    """
    if isinstance(value, str):
        known = local_value(cast("Bundle", bundle), value)
        base = getattr(bundle, "sync_root", bundle.root)
        for prefix in map(str, _remote_roots(bundle)):
            if known == prefix or known.startswith(prefix + "/"):
                return str(base) + known.removeprefix(prefix)
        return known
    if isinstance(value, Mapping):
        return {key: localise(bundle, item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [localise(bundle, item) for item in value]
    return value


def _remote_roots(bundle: BundleLike) -> list[PurePosixPath]:
    workspace = bundle.resolved.get("workspace") or {}
    found = str(workspace.get("file_path") or "")
    if not found:
        return []
    bare = found.removeprefix("/Workspace")
    return [PurePosixPath(found), PurePosixPath(bare), PurePosixPath("/Workspace" + bare)]
