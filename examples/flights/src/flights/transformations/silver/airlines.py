"""Airlines: the name behind a carrier's code."""

from databricks_utils.quality import Rule
from pyspark.sql import DataFrame

from flights.transformations.silver.parsing import COMPLETE, text

KEYS = ("carrier",)
COLUMNS = (*KEYS, "airline")
RULES = (COMPLETE, Rule("airline_is_identified", "carrier IS NOT NULL", "carrier is missing"))


def typed(records: DataFrame) -> DataFrame:
    """Read raw airlines; grain one line; adds `COLUMNS`, all strings."""
    return records.withColumn("carrier", text("carrier")).withColumn("airline", text("name"))
