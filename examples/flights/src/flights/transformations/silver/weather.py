"""Weather: hourly observations at an airport, with their times."""

from databricks_utils.medallion import Entity
from databricks_utils.quality import Rule
from pyspark.sql import DataFrame

from flights.ingestion.sources import RAW, WEATHER

_MEASURES = {
    "temperature_f": "temp",
    "dew_point_f": "dewp",
    "humidity_percent": "humid",
    "wind_direction_degrees": "wind_dir",
    "wind_speed_mph": "wind_speed",
    "wind_gust_mph": "wind_gust",
    "precipitation_inches": "precip",
    "pressure_millibars": "pressure",
    "visibility_miles": "visib",
}

RULES = (
    *RAW.rules(decimal=_MEASURES.values(), timestamp=("time_hour",)),
    Rule(
        "humidity_is_a_percentage",
        "humidity_percent IS NULL OR humidity_percent BETWEEN 0 AND 100",
        "humidity is not between 0 and 100",
    ),
    Rule(
        "wind_speed_is_possible",
        "coalesce(wind_speed_mph, 0) BETWEEN 0 AND 253",
        "faster than the strongest gust ever measured (253 mph, WMO, 1996)",
    ),
)


def typed(records: DataFrame) -> DataFrame:
    """Return raw observations, one row for each line, with `origin`, `observed_at` timestamp, and the measures as double."""
    read = records.withColumn("origin", RAW.text("origin")).withColumn("observed_at", RAW.timestamp("time_hour"))
    for name, raw in _MEASURES.items():
        read = read.withColumn(name, RAW.decimal(raw))
    return read


ENTITY = Entity(WEATHER, typed, keys=("origin", "observed_at"), columns=tuple(_MEASURES), rules=RULES)
