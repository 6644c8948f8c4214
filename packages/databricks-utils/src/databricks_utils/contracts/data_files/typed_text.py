"""Texts of a file as values of a contract's types: what means a missing value, and what a text is read as.

All functions return SQL; no expression raises an error in ANSI mode.
"""

from collections.abc import Sequence

from databricks_utils.contracts.types.spark_types import SparkType
from databricks_utils.medallion.declaring.text_values import TextType
from databricks_utils.quoting import literal

NESTED = frozenset({"array", "map", "struct", "variant", "binary"})


def present(sql: str, missing: Sequence[str] = (), *, exact: bool = False) -> str:
    """Return SQL for a text without blanks at its ends; NULL if it is blank or means a missing value.

    Args:
        sql: The text.
        missing: The texts that mean a missing value.
        exact: Whether blanks count, as in JSON, which has a null of its own.

    >>> present("`speed`", ["NA"])
    "CASE WHEN trim(`speed`) IN ('', 'NA') THEN NULL ELSE trim(`speed`) END"
    """
    texts = ", ".join(literal(text) for text in dict.fromkeys(missing if exact else ("", *missing)))
    value = sql if exact else f"trim({sql})"
    return f"CASE WHEN {value} IN ({texts}) THEN NULL ELSE {value} END" if texts else value


def typed(sql: str, kind: SparkType, pattern: str = "") -> str:
    """Return SQL for the value that a text means, as the medallion reads it; NULL if it means none of this type.

    Args:
        sql: The text, as `present` returns it.
        kind: The type; not one of `NESTED`.
        pattern: How a date or timestamp is written; empty: as in ISO 8601.
    """
    return TextType(kind.sql(), pattern).value(sql)
