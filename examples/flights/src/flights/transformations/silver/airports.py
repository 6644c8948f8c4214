"""Airports: their positions and time zones."""

from databricks_utils.contracts import contracts_of
from pyspark.sql import DataFrame

_NAMES = {
    "faa": "airport",
    "name": "airport_name",
    "lat": "latitude",
    "lon": "longitude",
    "alt": "altitude_feet",
    "tzone": "time_zone",
}


def typed(records: DataFrame) -> DataFrame:
    """Return delivered airports, one row for each record, with the names of silver."""
    return records.withColumnsRenamed(_NAMES)


ENTITY = contracts_of("flights").entity("airports", typed)
