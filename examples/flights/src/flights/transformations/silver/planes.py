"""Planes: the registry's data for each tail number."""

from databricks_utils.contracts import contracts_of
from pyspark.sql import DataFrame

_NAMES = {
    "tailnum": "tail_number",
    "year": "built_year",
    "type": "plane_type",
    "engines": "engine_count",
    "seats": "seat_count",
    "engine": "engine_type",
}


def typed(records: DataFrame) -> DataFrame:
    """Return delivered planes, one row for each record, with the names of silver."""
    return records.withColumnsRenamed(_NAMES)


ENTITY = contracts_of("flights").entity("planes", typed)
