"""Airlines: the name for each carrier code."""

from databricks_utils.medallion import Entity
from pyspark.sql import DataFrame

from flights.ingestion.sources import AIRLINES, RAW


def typed(records: DataFrame) -> DataFrame:
    """Return raw airlines, one row for each line, with the string columns `carrier` and `airline`."""
    return records.withColumn("carrier", RAW.text("carrier")).withColumn("airline", RAW.text("name"))


ENTITY = Entity(AIRLINES, typed, keys=("carrier",), columns=("airline",))
