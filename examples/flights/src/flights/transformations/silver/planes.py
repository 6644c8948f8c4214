"""Planes: the registry's data for each tail number."""

from databricks_utils.medallion import Entity
from databricks_utils.quality import Rule
from pyspark.sql import DataFrame

from flights.ingestion.sources import PLANES, RAW

RULES = (
    *RAW.rules(whole=("year", "engines", "seats")),
    Rule(
        "year_is_one_of_aviation",
        "built_year IS NULL OR built_year BETWEEN 1903 AND year(current_date())",
        "built before the first flight, or in the future",
    ),
)


def typed(records: DataFrame) -> DataFrame:
    """Return raw planes, one row for each line, with the columns of the entity; year, engines and seats are int."""
    return (
        records.withColumn("tail_number", RAW.text("tailnum"))
        .withColumn("built_year", RAW.whole("year"))
        .withColumn("plane_type", RAW.text("type"))
        .withColumn("manufacturer", RAW.text("manufacturer"))
        .withColumn("model", RAW.text("model"))
        .withColumn("engine_count", RAW.whole("engines"))
        .withColumn("seat_count", RAW.whole("seats"))
        .withColumn("engine_type", RAW.text("engine"))
    )


ENTITY = Entity(
    PLANES,
    typed,
    keys=("tail_number",),
    columns=("built_year", "plane_type", "manufacturer", "model", "engine_count", "seat_count", "engine_type"),
    rules=RULES,
)
