"""The bounds of new keys: a MERGE that names them reads only the files of the table that may hold these keys."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from databricks_utils.moments import as_moment
from databricks_utils.quoting import quote_part

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame

# Texts are left out: nearly every file holds the first and the last one.
_NUMBERS = ("tinyint", "smallint", "int", "bigint")
_ORDERED = ("date", "timestamp", *_NUMBERS)


def key_bounds(df: DataFrame, keys: Sequence[str]) -> str | None:
    """Return the SQL condition that each key which is a date, a timestamp or a whole number lies within those of new rows.

    Args:
        df: The new rows, of any grain; they have the key columns.
        keys: The key columns; NULL is equal to no key of the table.

    Returns:
        The condition on the columns of a table `t`; empty, without a query, if no key has such a type. None: there are no rows, which
        is not looked at without such a key.
    """
    from pyspark.sql import functions as F

    types = {name: kind for name, kind in df.dtypes if name in keys and kind in _ORDERED}
    if not types:
        return ""
    ends = [end for name, kind in types.items() for end in _ends(name, kind)]
    (row,) = df.agg(F.count("*"), *ends).collect()
    if row[0] == 0:
        return None
    bounds = zip(types.items(), row[1::2], row[2::2], strict=True)
    known = (_between(*column, first, last) for column, first, last in bounds if first is not None)
    return " AND ".join(filter(None, known))


def _ends(name: str, kind: str) -> list[Column]:
    """Return the first and the last value of a column as texts; Python has no date after the year 9999."""
    from pyspark.sql import functions as F

    column = F.col(quote_part(name))
    value = F.unix_micros(column) if kind == "timestamp" else column
    return [end(value).cast("string") for end in (F.min, F.max)]


def _between(name: str, kind: str, first: str, last: str) -> str:
    """Return the condition of one column; empty if Python cannot write one of its moments."""
    try:
        return f"t.{quote_part(name)} BETWEEN {_literal(first, kind)} AND {_literal(last, kind)}"
    except OverflowError:
        return ""


def _literal(value: str, kind: str) -> str:
    """Return a literal of SQL: Delta compares its statistics with literals only."""
    if kind != "timestamp":
        return f"DATE'{value}'" if kind == "date" else value
    return f"TIMESTAMP'{as_moment(int(value)).isoformat()}'"
