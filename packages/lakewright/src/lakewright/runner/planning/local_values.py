"""Values of the resolved bundle as a local run uses them: workspace paths become paths of the project."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lakewright.bundle import Bundle, local_value
from lakewright.bundle.local_files import below_workspace


def localise(bundle: Bundle, value: Any) -> Any:
    """A value of the resolved bundle for a local run.

    `${resources.schemas.x.name}` and the like get their value, and a path below `workspace.file_path` becomes the
    path of the file here; lists and mappings are followed.
    """
    if isinstance(value, str):
        known = local_value(bundle, value)
        below = below_workspace(bundle, known)
        return known if below is None else str(bundle.sync_root / below)
    if isinstance(value, Mapping):
        return {key: localise(bundle, item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [localise(bundle, item) for item in value]
    return value


def place_of(bundle: Bundle, path: str) -> str:
    """The place of a value as `file:line:column`, else its key path."""
    location = bundle.locate(path)
    return str(location) if location is not None else path
