"""Texts of a file as values of a contract's types."""

from databricks_utils.contracts.types.spark_types import SparkType
from databricks_utils.medallion.declaring.text_values import TextType

NESTED = frozenset({"array", "map", "struct", "variant", "binary"})


def typed(sql: str, kind: SparkType, pattern: str = "") -> str:
    """Return SQL for the value that a text means, as the medallion reads it; NULL if it means none of this type.

    Args:
        sql: The text, as `present` of `databricks_utils.medallion.declaring.text_values` returns it.
        kind: The type; not one of `NESTED`.
        pattern: How a date or timestamp is written; empty: as in ISO 8601.
    """
    return TextType(kind.sql(), pattern).value(sql)
