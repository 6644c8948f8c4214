"""A copy of a project's configuration in a temporary folder."""

import json
import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from databricks_utils.testing.example import example_config_folder

# The local engine ends with the process of this id: a run of tests that is killed leaves none behind.
_OWNER_KEY = "spark.lakewright.ownerPid"
_MARK, _STATE = ".made-by-tests", ".lakewright"


def emptied(root: Path) -> Path:
    """Empty a folder that tests use again and again, and return it; the local engine's state stays, and its engine runs on.

    What a run of tests delivered or wrote beside its tables would be there for the next run.

    Args:
        root: A folder that does not exist, is empty, or was returned by an earlier call.

    Raises:
        FileExistsError: The folder has files that no earlier call has made.
    """
    mark = root / _MARK
    if root.is_dir() and not mark.is_file() and any(path.name != _STATE for path in root.iterdir()):
        raise FileExistsError(f"{root} has files that are not of tests; name a new folder, or an empty one")
    root.mkdir(parents=True, exist_ok=True)
    mark.touch()
    for path in root.iterdir():
        if path.name in (_MARK, _STATE):
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
    return root


def throw_away_project(
    root: Path,
    config_folder: Path | None = None,
    *,
    local_folders: Sequence[Path] = (),
    owner: int | None = None,
) -> Path:
    """Copy a configuration to `root`, so that lakehouse, MLflow store and volumes of `local` are created there too.

    Args:
        root: The folder; files of `config/` in it are replaced.
        config_folder: The project's `config/`; if it is None or does not exist, the example configuration.
        local_folders: Folders of the machine that code may use beside the project's (`storage.local_folders`).
        owner: Id of the process with which the local engine ends; by default this process.

    Returns:
        `root`.
    """
    source = config_folder if config_folder and config_folder.is_dir() else example_config_folder()
    (root / "config").mkdir(parents=True, exist_ok=True)
    for file in source.glob("*.yaml"):
        if not file.name.endswith(".local.yaml"):
            shutil.copyfile(file, root / "config" / file.name)
    overlay = {
        "spark": {"config": {_OWNER_KEY: str(owner or os.getpid())}},
        "storage": {"local_folders": [str(folder) for folder in local_folders]},
    }
    (root / "config" / "local.local.yaml").write_text(json.dumps(overlay), encoding="utf-8")
    return root
