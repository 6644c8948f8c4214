"""Airports: their positions and time zones."""

from databricks_utils.medallion import Entity
from databricks_utils.quality import Rule, Severity
from pyspark.sql import DataFrame

from flights.ingestion.sources import AIRPORTS, RAW

RULES = (
    *RAW.rules(decimal=("lat", "lon", "alt")),
    Rule(
        "position_is_on_earth",
        "latitude BETWEEN -90 AND 90 AND longitude BETWEEN -180 AND 180",
        "latitude or longitude is missing or out of range",
    ),
    Rule("time_zone_is_known", "time_zone IS NOT NULL", "no time zone: its flights cannot be timed", Severity.WARNING),
)


def typed(records: DataFrame) -> DataFrame:
    """Return raw airports, one row for each line, with the columns of the entity; position and altitude are double."""
    return (
        records.withColumn("airport", RAW.text("faa"))
        .withColumn("airport_name", RAW.text("name"))
        .withColumn("latitude", RAW.decimal("lat"))
        .withColumn("longitude", RAW.decimal("lon"))
        .withColumn("altitude_feet", RAW.decimal("alt"))
        .withColumn("time_zone", RAW.text("tzone"))
    )


ENTITY = Entity(
    AIRPORTS,
    typed,
    keys=("airport",),
    columns=("airport_name", "latitude", "longitude", "altitude_feet", "time_zone"),
    rules=RULES,
)
