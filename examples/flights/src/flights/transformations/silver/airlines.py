"""Airlines: the name behind a carrier's code."""

from databricks_utils.medallion import Entity
from pyspark.sql import DataFrame

from flights.ingestion.sources import AIRLINES, RAW


def typed(records: DataFrame) -> DataFrame:
    """Read raw airlines; grain one line; adds `carrier` and `airline`, both strings."""
    return records.withColumn("carrier", RAW.text("carrier")).withColumn("airline", RAW.text("name"))


ENTITY = Entity(AIRLINES, typed, keys=("carrier",), columns=("airline",))
