"""Airlines: the name for each carrier code."""

from databricks_utils.contracts import contracts_of
from pyspark.sql import DataFrame


def typed(records: DataFrame) -> DataFrame:
    """Return delivered airlines, one row for each record, with `airline`."""
    return records.withColumnRenamed("name", "airline")


ENTITY = contracts_of("flights").entity("airlines", typed)
