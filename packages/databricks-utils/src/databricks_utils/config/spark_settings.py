"""`spark.config` of the configuration, put into a session that already runs.

Serverless compute takes a handful of settings only, and a cluster takes none of the static ones. What is refused is
named, once and together; it is no reason to fail a job that worked yesterday on another kind of compute.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import TYPE_CHECKING

from databricks_utils.config.spark_errors import SparkSettingsWarning

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


def apply_settings(session: SparkSession, settings: Mapping[str, str], *, where: str) -> dict[str, str]:
    """Set what the session takes, and warn of the rest.

    Args:
        session: A Spark session, of whatever kind.
        settings: Settings by their Spark names.
        where: What runs the session, for the warning.

    Returns:
        The settings that were refused, with the first line of the reason.
    """
    refused = {key: reason for key, value in settings.items() if (reason := _set(session, key, value))}
    if refused:
        listed = "\n".join(f"  {key}: {reason}" for key, reason in refused.items())
        warnings.warn(
            f"spark: {where} did not take {len(refused)} of {len(settings)} settings of spark.config:\n{listed}\n"
            "  fix: set them on the cluster (resources/*.job.yml, spark_conf), or remove them for this environment",
            SparkSettingsWarning,
            stacklevel=4,
        )
    return refused


def _set(session: SparkSession, key: str, value: str) -> str | None:
    from pyspark.errors import PySparkException

    try:
        session.conf.set(key, value)
    except PySparkException as error:
        return None if _has_it(session, key, value) else _first_line(error)
    return None


def _has_it(session: SparkSession, key: str, value: str) -> bool:
    """Tell whether the cluster was started with just this value, so that nothing is lost."""
    from pyspark.errors import PySparkException

    try:
        return bool(session.conf.get(key) == value)
    except PySparkException:
        return False


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
