"""Apply `spark.config` of the configuration to a running session.

Serverless compute accepts only a few settings, and a cluster accepts no static settings. One warning lists all refused
settings; the job continues, because it may have worked on another kind of compute.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import TYPE_CHECKING

from databricks_utils.spark.errors import SparkSettingsWarning
from databricks_utils.spark_failures import spark_failures

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


def apply_settings(session: SparkSession, settings: Mapping[str, str], *, where: str) -> dict[str, str]:
    """Set the settings that the session accepts, and warn about the others.

    Args:
        session: A Spark session of any kind.
        settings: Settings by their Spark names.
        where: Where the session runs, for the warning.

    Returns:
        The refused settings by name, each with the first line of Spark's error.
    """
    refused = {key: reason for key, value in settings.items() if (reason := _set(session, key, value))}
    if refused:
        listed = "\n".join(f"  {key}: {reason}" for key, reason in refused.items())
        warnings.warn(
            f"spark: {where} refused {len(refused)} of {len(settings)} settings of spark.config:\n{listed}\n"
            "  fix: set them on the cluster (resources/*.job.yml, spark_conf), or remove them for this environment",
            SparkSettingsWarning,
            stacklevel=4,
        )
    return refused


def _set(session: SparkSession, key: str, value: str) -> str | None:
    try:
        session.conf.set(key, value)
    except spark_failures() as error:
        return None if _already_set(session, key, value) else _first_line(error)
    return None


def _already_set(session: SparkSession, key: str, value: str) -> bool:
    """Return whether the cluster was started with this value."""
    try:
        return bool(session.conf.get(key) == value)
    except spark_failures():
        return False


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
