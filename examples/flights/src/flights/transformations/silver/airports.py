"""Airports: where they lie, and whose clock they go by."""

from databricks_utils.quality import Rule, Severity
from pyspark.sql import DataFrame

from flights.transformations.silver.parsing import COMPLETE, decimal, number_rules, text

KEYS = ("airport",)
COLUMNS = (*KEYS, "airport_name", "latitude", "longitude", "altitude_feet", "time_zone")

RULES = (
    COMPLETE,
    *number_rules(("lat", "lon", "alt")),
    Rule("airport_is_identified", "airport IS NOT NULL", "the airport's code is missing"),
    Rule(
        "position_is_on_earth",
        "latitude BETWEEN -90 AND 90 AND longitude BETWEEN -180 AND 180",
        "latitude or longitude is missing or out of range",
    ),
    Rule("time_zone_is_known", "time_zone IS NOT NULL", "no time zone: its flights cannot be timed", Severity.WARNING),
)


def typed(records: DataFrame) -> DataFrame:
    """Read raw airports; grain one line; adds `COLUMNS`: position and altitude as double."""
    return (
        records.withColumn("airport", text("faa"))
        .withColumn("airport_name", text("name"))
        .withColumn("latitude", decimal("lat"))
        .withColumn("longitude", decimal("lon"))
        .withColumn("altitude_feet", decimal("alt"))
        .withColumn("time_zone", text("tzone"))
    )
