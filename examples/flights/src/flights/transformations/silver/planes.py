"""Planes: what the registry says of a tail number."""

from databricks_utils.quality import Rule
from pyspark.sql import DataFrame

from flights.transformations.silver.parsing import COMPLETE, number_rules, text, whole

KEYS = ("tail_number",)
COLUMNS = (*KEYS, "built_year", "plane_type", "manufacturer", "model", "engine_count", "seats", "engine_type")

RULES = (
    COMPLETE,
    *number_rules(("year", "engines", "seats")),
    Rule("plane_is_identified", "tail_number IS NOT NULL", "tail number is missing"),
    Rule(
        "year_is_one_of_aviation",
        "built_year IS NULL OR built_year BETWEEN 1903 AND year(current_date())",
        "built before the first flight, or in the future",
    ),
)


def typed(records: DataFrame) -> DataFrame:
    """Read raw planes; grain one line; adds `COLUMNS`: year, engines and seats as int."""
    return (
        records.withColumn("tail_number", text("tailnum"))
        .withColumn("built_year", whole("year"))
        .withColumn("plane_type", text("type"))
        .withColumn("manufacturer", text("manufacturer"))
        .withColumn("model", text("model"))
        .withColumn("engine_count", whole("engines"))
        .withColumn("seats", whole("seats"))
        .withColumn("engine_type", text("engine"))
    )
