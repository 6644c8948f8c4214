"""All ways by name, and which of them can run here."""

from importlib.metadata import PackageNotFoundError, version

from quality_ways import by_dqx, by_duckdb, by_spark, by_validators
from quality_ways.task import Way

WAYS: dict[str, Way] = {**by_spark.WAYS, **by_dqx.WAYS, **by_validators.WAYS, **by_duckdb.WAYS}


def versions() -> dict[str, str]:
    """Return the version of each tool that is installed."""
    found: dict[str, str] = {}
    for name in ("pyspark", "delta-spark", *(way.needs for way in WAYS.values() if way.needs)):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
