"""Values of the resolved bundle as a local run means them: workspace paths lead back into the project."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, cast

from lakewright.bundle.local_files import below_workspace
from lakewright.bundle.resource_values import local_value

if TYPE_CHECKING:
    from lakewright.bundle import Bundle


class BundleLike(Protocol):
    """The part of a bundle that the runner reads."""

    @property
    def root(self) -> Path:
        """The project's folder."""

    @property
    def sync_root(self) -> Path:
        """The folder whose content is uploaded: the project's, or one around it."""

    @property
    def resolved(self) -> dict[str, Any]:
        """The bundle in the shape of `databricks bundle validate -o json`."""

    @property
    def jobs(self) -> Mapping[str, dict[str, Any]]:
        """The jobs by key."""

    def locate(self, path: str) -> object:
        """The place of a value, or None."""


def localise(bundle: BundleLike, value: Any) -> Any:
    """A value of the resolved bundle as a local run means it.

    `${resources.schemas.x.name}` and the like get their value, and a path below `workspace.file_path` becomes the
    path of the file here; lists and mappings are followed.
    """
    if isinstance(value, str):
        known = local_value(cast("Bundle", bundle), value)
        below = below_workspace(bundle, known)
        return known if below is None else str(bundle.sync_root / below)
    if isinstance(value, Mapping):
        return {key: localise(bundle, item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [localise(bundle, item) for item in value]
    return value
