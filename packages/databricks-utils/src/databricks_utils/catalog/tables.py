"""Write Delta tables: create, append once, merge the latest, replace. All code of this package writes tables through it.

The functions use SQL MERGE and the DataFrame writer, which work on every supported runtime, classic and Connect. Each function
makes one Delta commit: after a crash the table contains all of its rows or none, and the same call again adds what is missing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING
from uuid import uuid4

from databricks_utils.catalog.errors import ConcurrentWriteError

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession
    from pyspark.sql.types import StructField, StructType

_WRITES = "append_once"
_MARK = re.compile(rf"{_WRITES} (\d+) \w+")
_RECENT = 100  # commits of a table's history
_CONFLICTS = (
    "DELTA_CONCURRENT_APPEND",
    "DELTA_CONCURRENT_DELETE_DELETE",
    "DELTA_CONCURRENT_DELETE_READ",
    "DELTA_CONCURRENT_WRITE",
    "DELTA_METADATA_CHANGED",
    "DELTA_PROTOCOL_CHANGED",
    "ConcurrentAppendException",
    "ConcurrentDeleteDeleteException",
    "ConcurrentDeleteReadException",
    "ConcurrentWriteException",
    "MetadataChangedException",
)


def ensure_table(  # noqa: PLR0913 - what a table is made of
    spark: SparkSession,
    name: str,
    schema: StructType,
    *,
    comment: str,
    partitioned_by: Sequence[str] = (),
    properties: Mapping[str, str] | None = None,
) -> None:
    """Create a Delta table if it does not exist; an existing table stays unchanged."""
    columns = ", ".join(_column(field) for field in schema.fields)
    partitions = f" PARTITIONED BY ({', '.join(partitioned_by)})" if partitioned_by else ""
    listed = ", ".join(f"'{_quoted(key)}' = '{_quoted(value)}'" for key, value in (properties or {}).items())
    options = f" TBLPROPERTIES ({listed})" if listed else ""
    spark.sql(
        f"CREATE TABLE IF NOT EXISTS {name} ({columns}) USING DELTA{partitions} COMMENT '{_quoted(comment)}'{options}"
    )


def add_columns(spark: SparkSession, name: str, fields: Sequence[StructField]) -> None:
    """Add columns to the end of a table; existing rows get NULL.

    Args:
        spark: A session that may change the table.
        name: An existing table.
        fields: The new columns; without columns the function does nothing.
    """
    if fields:
        spark.sql(f"ALTER TABLE {name} ADD COLUMNS ({', '.join(_column(field) for field in fields)})")


def table_version(spark: SparkSession, name: str) -> int:
    """Return the number of a Delta table's newest commit."""
    return int(spark.sql(f"DESCRIBE HISTORY {name} LIMIT 1").collect()[0]["version"])


def last_write(spark: SparkSession, name: str) -> int:
    """Return the number of the newest write of `append_once` or `replace_once`; 0 if the table's recent history has none.

    Read it before the table's rows. Rows that were deleted since do not lower it.
    """
    recent = spark.sql(f"DESCRIBE HISTORY {name} LIMIT {_RECENT}").select("userMetadata").collect()
    found = [match for row in recent if (match := _MARK.fullmatch(row["userMetadata"] or ""))]
    return max((int(match[1]) for match in found), default=0)


def append_once(df: DataFrame, name: str, *, state: int) -> bool:
    """Append rows in one commit, unless another such write was made since the table was read.

    The caller has read the table to find its new rows; they may be appended only if they are still new. Delta stores a number
    in the same commit as the rows. Of two writes that read the same state, the second does nothing, also if the first comes
    from a killed process whose statement ran on.

    Args:
        df: The new rows, with the table's columns.
        name: An existing table.
        state: A number that every such write increases, e.g. the newest time in the table's rows, and at least `last_write`; read it
            together with the rows from which `df` was made. The table's version is not suitable: other commits increase it too.

    Returns:
        True if the rows were written; False if another write was first.
    """
    return _write_once(df, name, mode="append", state=state)


def replace_once(
    df: DataFrame, name: str, *, state: int, where: str = "", partitioned_by: Sequence[str] = ()
) -> bool:
    """Replace rows of a table in one commit, unless another such write was made since the table was read.

    Args:
        df: The new rows.
        name: An existing table.
        state: See `append_once`.
        where: SQL condition: only matching rows are replaced, and the schema stays; empty: all rows and the schema.
        partitioned_by: The table's partition columns, if the schema is replaced.

    Returns:
        True if the rows were written; False if another write was first.
    """
    return _write_once(df, name, mode="overwrite", state=state, where=where, partitioned_by=partitioned_by)


def merge_latest(df: DataFrame, name: str, *, keys: Sequence[str], version: Sequence[str]) -> None:
    """Insert new keys, and overwrite an existing key if `df` has a later version of it.

    Args:
        df: Rows with the table's columns; one row for each key.
        name: The table.
        keys: The key columns, never NULL.
        version: Columns that order the versions of a key, the most significant first.
    """
    newer = f"struct({', '.join(f's.{c}' for c in version)}) > struct({', '.join(f't.{c}' for c in version)})"
    _merge(
        df,
        name,
        keys=keys,
        clauses=f"WHEN MATCHED AND {newer} THEN UPDATE SET * WHEN NOT MATCHED THEN INSERT *",
    )


def update_rows(df: DataFrame, name: str, *, keys: Sequence[str], where: str) -> None:
    """Overwrite existing rows in one commit; rows of `df` with a key that is not in the table are ignored.

    Args:
        df: Rows with the table's columns; one row for each key.
        name: The table.
        keys: The key columns, never NULL.
        where: SQL condition on the table's row `t`; other rows stay unchanged.
    """
    _merge(df, name, keys=keys, clauses=f"WHEN MATCHED AND ({where}) THEN UPDATE SET *")


def replace_table(df: DataFrame, name: str) -> None:
    """Replace all rows and the schema of a table, in one commit; its history stays."""
    with _conflicts(name):
        df.write.format("delta").mode("overwrite").option("overwriteSchema", "true").saveAsTable(name)


def replace_where(df: DataFrame, name: str, condition: str) -> None:
    """Replace the rows that match a condition with `df`, in one commit; Delta refuses new rows that do not match it.

    Args:
        df: Rows with the table's columns.
        name: An existing table.
        condition: SQL condition on its columns.
    """
    with _conflicts(name):
        df.write.format("delta").mode("overwrite").option("replaceWhere", condition).saveAsTable(name)


def _merge(df: DataFrame, name: str, *, keys: Sequence[str], clauses: str) -> None:
    """Merge `df` (as `s`) into a table (as `t`) with one statement."""
    same_key = " AND ".join(f"t.{key} = s.{key}" for key in keys)
    view = f"merge_{uuid4().hex}"
    df.createOrReplaceTempView(view)
    try:
        with _conflicts(name):
            df.sparkSession.sql(f"MERGE INTO {name} AS t USING {view} AS s ON {same_key} {clauses}").collect()
    finally:
        df.sparkSession.catalog.dropTempView(view)


def _write_once(  # noqa: PLR0913 - what is written, where, and how
    df: DataFrame, name: str, *, mode: str, state: int, where: str = "", partitioned_by: Sequence[str] = ()
) -> bool:
    from pyspark.errors import PySparkException

    mark = f"{_WRITES} {state + 1} {uuid4().hex}"
    writer = df.write.format("delta").mode(mode).option("userMetadata", mark)
    writer = writer.option("txnAppId", _WRITES).option("txnVersion", state + 1)
    if where:
        writer = writer.option("replaceWhere", where)
    elif mode == "overwrite":
        writer = writer.option("overwriteSchema", "true").partitionBy(*partitioned_by)
    try:
        with _conflicts(name):
            writer.saveAsTable(name)
    except PySparkException as error:
        # Another such write ran at the same time and finished first.
        if "CONCURRENT_TRANSACTION" not in str(error) and "ConcurrentTransactionException" not in str(error):
            raise
        return False
    recent = df.sparkSession.sql(f"DESCRIBE HISTORY {name} LIMIT {_RECENT}").select("userMetadata").collect()
    return any(row["userMetadata"] == mark for row in recent)


@contextmanager
def _conflicts(table: str) -> Iterator[None]:
    """Raise `ConcurrentWriteError` if Delta refuses a commit because of another one.

    Source: https://docs.databricks.com/aws/en/optimize/isolation-level (conflict exceptions).
    """
    from pyspark.errors import PySparkException

    try:
        yield
    except PySparkException as error:
        if any(name in str(error) for name in _CONFLICTS):
            raise ConcurrentWriteError(table) from error
        raise


def _column(field: StructField) -> str:
    comment = field.metadata.get("comment")
    suffix = f" COMMENT '{_quoted(comment)}'" if comment else ""
    return f"`{field.name}` {field.dataType.simpleString()}{suffix}"


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace("'", "\\'")
