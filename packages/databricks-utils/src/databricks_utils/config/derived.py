"""Defaults that follow from other values: the environment, the project's folder, the catalog."""

import re
from pathlib import Path

from databricks_utils.config.environment import LOCAL
from databricks_utils.config.tree import Data, KeyPath

STATE_FOLDER = ".lakewright"


def derived_defaults(given: dict[str, Data], root: Path) -> dict[KeyPath, str]:
    """Work out the defaults that depend on what is given.

    Args:
        given: The configuration as plain data, after the merge.
        root: The project's folder, above `config/`.

    Returns:
        Path of the key → value, for keys that are not given. What cannot be worked out is left out; the
        validation then names what is missing.
    """
    environment = str(given.get("environment", ""))
    project = given.get("project") or _section(given, "catalog").get("schema")
    values: dict[KeyPath, str] = {}
    if isinstance(project, str) and project:
        values[("project",)] = project
        values[("use_case",)] = project
        values[("spark", "app_name")] = f"{project}-{environment}"
        values[("mlflow", "model_name")] = re.sub(r"^(?=[0-9])|\W", "_", project, flags=re.ASCII)
        values[("mlflow", "experiment")] = (
            project if environment == LOCAL else f"/Shared/{environment}_{project}"
        )
    if environment == LOCAL:
        values |= _local(root / STATE_FOLDER)
    return {path: value for path, value in values.items() if not _given(given, path)}


def _local(state: Path) -> dict[KeyPath, str]:
    store = f"sqlite:///{state / 'mlflow.db'}"
    return {
        ("storage", "volume_root"): str(state / "lakehouse" / "volumes"),
        ("mlflow", "tracking_uri"): store,
        ("mlflow", "registry_uri"): store,
        ("mlflow", "artifact_location"): str(state / "artifacts"),
    }


def _section(given: dict[str, Data], name: str) -> dict[str, Data]:
    section = given.get(name)
    return section if isinstance(section, dict) else {}


def _given(given: Data, path: KeyPath) -> bool:
    """Tell whether a key is given, or cannot be laid in because something else than a section is there."""
    for key in path:
        if not isinstance(given, dict):
            return True
        if given.get(key) is None:
            return False
        given = given[key]
    return True


def fill(given: dict[str, Data], root: Path) -> dict[str, Data]:
    """Return plain data with the derived defaults filled in."""
    filled = dict(given)
    for path, value in derived_defaults(given, root).items():
        target = filled
        for key in path[:-1]:
            target[key] = dict(target.get(key) or {})
            target = target[key]
        target[path[-1]] = value
    return filled
