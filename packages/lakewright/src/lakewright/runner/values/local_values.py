"""Translates values of the resolved bundle for a local run: workspace paths become paths in the project."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lakewright.bundle import Bundle, local_value
from lakewright.bundle.project_files import below_workspace


def localise(bundle: Bundle, value: Any) -> Any:
    """A copy of a value for a local run.

    References such as `${resources.schemas.x.name}` become their values. Paths below `workspace.file_path` become
    paths in the project. Lists and mappings are translated item by item.
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
    """Where a value is written, as `file:line:column`; its key path if that is unknown."""
    location = bundle.locate(path)
    return str(location) if location is not None else path
