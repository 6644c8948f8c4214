"""A project's configuration in a folder that may be thrown away."""

import shutil
from pathlib import Path

from databricks_utils.testing.example import example_config_folder


def throw_away_project(root: Path, config_folder: Path | None = None) -> Path:
    """Copy a configuration below `root`: lakehouse, MLflow store and volumes of `local` then lie there too.

    Args:
        root: An empty folder.
        config_folder: The project's `config/`; the example configuration where it is None or not there.

    Returns:
        `root`.
    """
    source = config_folder if config_folder and config_folder.is_dir() else example_config_folder()
    (root / "config").mkdir(parents=True, exist_ok=True)
    for file in source.glob("*.yaml"):
        if not file.name.endswith(".local.yaml"):
            shutil.copyfile(file, root / "config" / file.name)
    return root
