"""Weather: hourly observations at an airport, with their times."""

from databricks_utils.contracts import contracts_of
from pyspark.sql import DataFrame

_NAMES = {
    "time_hour": "observed_at",
    "temp": "temperature_f",
    "dewp": "dew_point_f",
    "humid": "humidity_percent",
    "wind_dir": "wind_direction_degrees",
    "wind_speed": "wind_speed_mph",
    "wind_gust": "wind_gust_mph",
    "precip": "precipitation_inches",
    "pressure": "pressure_millibars",
    "visib": "visibility_miles",
}


def typed(records: DataFrame) -> DataFrame:
    """Return delivered observations, one row for each record, with the names of silver."""
    return records.withColumnsRenamed(_NAMES)


ENTITY = contracts_of("flights").entity("weather", typed)
