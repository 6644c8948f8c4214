"""Chooses the modules to import before a task starts: Spark's client, and heavy packages that the project imports.

Only packages that are slow to import and safe to fork; never the project's own modules.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from lakewright.runner.handover.programs import PRELOAD_VARIABLE
from lakewright.runner.handover.task_spec import SparkMode

# Every task needs them.
_RUNNER = ("lakewright.runner.inside.task_main", "lakewright.runner.inside.notebook.running")
_SPARK: dict[SparkMode, tuple[str, ...]] = {
    "none": (),
    "connect": ("pyspark.sql.connect.session", "pyspark.sql.connect.functions", "lakewright.engine.session"),
    "classic": ("pyspark.sql.functions", "lakewright.engine.attached_spark"),
}
_HEAVY = "pandas|numpy|pyarrow|scipy|sklearn|lightgbm|xgboost|mlflow"
# What MLflow imports when it opens a local store: half of its time. Our steps of a model import all of it when they are called.
LOCAL_MLFLOW = (
    "mlflow.sklearn",
    "mlflow.store.tracking.sqlalchemy_store",
    "mlflow.store.model_registry.sqlalchemy_store",
    "alembic.command",
)
_USES_MLFLOW = re.compile(
    r"^[ \t]*\"?[ \t]*(?:from|import)[ \t]+(?:mlflow|databricks_utils\.mlops)\b", re.MULTILINE
)
# matplotlib is left out: importing it reads MPLBACKEND and the `matplotlibrc` of the folder, which are a task's own.
# Also inside the JSON of an .ipynb, where a line stands in quotes.
_IMPORT = re.compile(
    rf"^[ \t]*\"?[ \t]*(?:from|import)[ \t]+((?:{_HEAVY})(?:\.[A-Za-z_][A-Za-z0-9_]*)*)\b",
    re.MULTILINE,
)
_SOURCES = {".py", ".ipynb"}
_NOT_SOURCES = {"node_modules", "site-packages", "dist", "build", "data", "tests", "__pycache__"}
_ENVIRONMENT = "pyvenv.cfg"  # marks the root of a virtual environment, whatever it is called
_MOST_FILES = 500
_MOST_FOLDERS = 2000
_MOST_BYTES = 1_000_000


def preload_environment(project: Path, *, spark: SparkMode) -> dict[str, str]:
    """The environment variable that lists the modules to import ahead.

    Args:
        project: The bundle's root; its sources are read, not run.
        spark: How tasks connect to Spark.
    """
    modules = [*_RUNNER, *_SPARK[spark], *heavy_imports(project)]
    return {PRELOAD_VARIABLE: " ".join(modules)}


def heavy_imports(project: Path) -> list[str]:
    """Modules of heavy packages that the sources below a folder import, in alphabetical order; then those of MLflow's local stores."""
    found, uses_mlflow = set[str](), False
    for path in _sources(project):
        try:
            if path.stat().st_size <= _MOST_BYTES:
                text = path.read_text(encoding="utf-8", errors="replace")
                found.update(_IMPORT.findall(text))
                uses_mlflow = uses_mlflow or bool(_USES_MLFLOW.search(text))
        except OSError:
            continue
    return [*sorted(found), *(LOCAL_MLFLOW if uses_mlflow else ())]


def _sources(folder: Path) -> Iterator[Path]:
    """The first source files below a folder, without hidden folders and what was built or installed there."""
    walked = islice(_folders(folder), _MOST_FOLDERS)
    files = (Path(base) / name for base, names in walked for name in sorted(names))
    return islice((path for path in files if path.suffix in _SOURCES), _MOST_FILES)


def _folders(folder: Path) -> Iterator[tuple[str, list[str]]]:
    for base, folders, names in os.walk(folder):
        if _ENVIRONMENT in names:
            folders.clear()
            continue
        folders[:] = sorted(name for name in folders if name[0] != "." and name not in _NOT_SOURCES)
        yield base, names
