"""The environment of every task's process, before what belongs to one task."""

from __future__ import annotations

import os
from collections.abc import Mapping

from lakewright.warm.conditions import THREADS

# One thread for each process: several tasks share two cores, and idle OpenMP threads that spin cost the most.
_THREADS = dict.fromkeys(THREADS, "1")
_CLOUD_PREFIXES = ("DATABRICKS_", "ARM_", "SPARK_REMOTE", "SPARK_CONNECT_", "PYSPARK_REMOTE", "MLFLOW_")


def base_environment(environ: Mapping[str, str], *, extra: Mapping[str, str]) -> dict[str, str]:
    """The environment of every task's process.

    Credentials and addresses of workspaces are removed: a local run contacts none. The profiles of
    `~/.databrickscfg` are credentials too; an empty file takes its place.

    Args:
        environ: The runner's own environment.
        extra: Variables that win over it.
    """
    kept = {name: value for name, value in environ.items() if not name.startswith(_CLOUD_PREFIXES)}
    fixed = {
        "DATABRICKS_CONFIG_FILE": os.devnull,
        "DBX_ENV": "local",
        "OMP_WAIT_POLICY": "PASSIVE",
        "PYTHONUNBUFFERED": "1",
        "PYTHONIOENCODING": "utf-8:backslashreplace",
        "PYTHONFAULTHANDLER": "1",
        "GIT_PYTHON_REFRESH": "quiet",
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "TZ": "UTC",  # as on the driver of a cluster
    }
    return {**_THREADS, **kept, **fixed, **extra}
