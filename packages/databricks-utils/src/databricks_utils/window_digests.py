"""Which windows of time of a table have changed: one digest for each window, computed on Spark.

Two equal digests mean equal rows, whatever their order and files; that different rows have one digest has a chance of one in 2^64,
unless somebody looks for such rows. Only one row for each window comes to the driver.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import TYPE_CHECKING

from databricks_utils.quoting import quote_part

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame

NO_WINDOW = ""
"""The name of the rows whose window is NULL."""


def window_digests(rows: DataFrame, window: Column) -> dict[str, str]:
    """Return a digest of the rows of each window.

    It reads all rows once, without a shuffle of rows.

    Args:
        rows: Any rows.
        window: The window of a row: a date or another value whose text is in the order of time.

    Returns:
        The window as text, e.g. `2013-07-01` → the number of its rows, and the sum of their 64-bit hashes. Also another type or name
        of a column is another digest.
    """
    from pyspark.sql import functions as F

    shape = rows.schema.simpleString()
    hashed = F.xxhash64(F.lit(shape), *_hashable(rows))
    # In two halves, because a sum of bigints overflows, and one of decimals takes half as long again.
    halves = {"high": F.shiftright("hash", 32), "low": F.col("hash").bitwiseAND(F.lit(2**32 - 1))}
    named = F.coalesce(window.cast("string"), F.lit(NO_WINDOW))
    marked = rows.select(named.alias("window"), hashed.alias("hash"))
    sums = [F.sum(half).alias(name) for name, half in halves.items()]
    found = marked.groupBy("window").agg(F.count("*").alias("rows"), *sums).collect()
    return {row["window"]: f"{row['rows']} {(row['high'] << 32) + row['low']}" for row in found}


def in_windows(window: Column, starts: Collection[date]) -> Column:
    """Return the condition that a row is in one of some windows, in a form that lets Delta leave out the files of other times.

    Args:
        window: The column with the first day of a row's window.
        starts: The first days; at least one.
    """
    return window.between(min(starts), max(starts)) & window.isin(sorted(starts))


def _hashable(rows: DataFrame) -> list[Column]:
    """Return the columns to hash, and which of them are NULL: Spark's hash skips NULL, so that a value could change its column."""
    from pyspark.sql import functions as F
    from pyspark.sql import types as T

    columns = {field.name: F.col(quote_part(field.name)) for field in rows.schema.fields}
    nested = {
        field.name
        for field in rows.schema.fields
        if isinstance(field.dataType, T.ArrayType | T.MapType | T.StructType | T.VariantType)
    }
    values = [F.to_json(column) if name in nested else column for name, column in columns.items()]
    return [*values, F.array(*(column.isNull() for column in columns.values()))]


def rows_in(digest: str) -> int:
    """Return the number of rows of a window."""
    return int(digest.partition(" ")[0])


def changed_windows(now: Mapping[str, str], then: Mapping[str, str]) -> list[str]:
    """Return the windows that are new, gone or changed, in the order of time."""
    return sorted(name for name in {*now, *then} if now.get(name) != then.get(name))
