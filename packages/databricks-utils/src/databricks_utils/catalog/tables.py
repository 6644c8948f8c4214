"""Write Delta tables: create, append once, merge the latest, replace. All code of this package writes tables through it.

The functions use SQL MERGE and the DataFrame writer, which work on every supported runtime, classic and Connect. Each function
makes one Delta commit: after a crash the table contains all of its rows or none, and the same call again adds what is missing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import uuid4

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession
    from pyspark.sql.types import StructField, StructType

_WRITES = "append_once"


def ensure_table(
    spark: SparkSession, name: str, schema: StructType, *, comment: str, partitioned_by: Sequence[str] = ()
) -> None:
    """Create a Delta table if it does not exist; an existing table stays unchanged."""
    columns = ", ".join(_column(field) for field in schema.fields)
    partitions = f" PARTITIONED BY ({', '.join(partitioned_by)})" if partitioned_by else ""
    spark.sql(
        f"CREATE TABLE IF NOT EXISTS {name} ({columns}) USING DELTA{partitions} COMMENT '{_quoted(comment)}'"
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


def append_once(df: DataFrame, name: str, *, seen: int) -> None:
    """Append rows in one commit, unless another append was made since the table was read.

    The caller has read the table to find its new rows; they may be appended only if they are still new. Delta stores the
    number of the last append in the same commit as the rows. Of two appends after reading the same version, the second
    does nothing, also if the first comes from a killed process whose statement ran on. So check afterwards whether the
    rows are in the table.

    Args:
        df: The new rows, with the table's columns.
        name: An existing table.
        seen: The result of `table_version` before the table was read.
    """
    _write_once(df, name, mode="append", seen=seen)


def replace_once(
    df: DataFrame, name: str, *, seen: int, where: str = "", partitioned_by: Sequence[str] = ()
) -> None:
    """Replace rows of a table in one commit, unless another such write was made since the table was read.

    An append that read the table before the replacement does nothing after it (see `append_once`).

    Args:
        df: The new rows.
        name: An existing table.
        seen: The result of `table_version` before the table was read.
        where: SQL condition: only matching rows are replaced, and the schema stays; empty: all rows and the schema.
        partitioned_by: The table's partition columns, if the schema is replaced.
    """
    _write_once(df, name, mode="overwrite", seen=seen, where=where, partitioned_by=partitioned_by)


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
    df.write.format("delta").mode("overwrite").option("overwriteSchema", "true").saveAsTable(name)


def replace_where(df: DataFrame, name: str, condition: str) -> None:
    """Replace the rows that match a condition with `df`, in one commit; Delta refuses new rows that do not match it.

    Args:
        df: Rows with the table's columns.
        name: An existing table.
        condition: SQL condition on its columns.
    """
    df.write.format("delta").mode("overwrite").option("replaceWhere", condition).saveAsTable(name)


def _merge(df: DataFrame, name: str, *, keys: Sequence[str], clauses: str) -> None:
    """Merge `df` (as `s`) into a table (as `t`) with one statement."""
    same_key = " AND ".join(f"t.{key} = s.{key}" for key in keys)
    view = f"merge_{uuid4().hex}"
    df.createOrReplaceTempView(view)
    try:
        df.sparkSession.sql(f"MERGE INTO {name} AS t USING {view} AS s ON {same_key} {clauses}").collect()
    finally:
        df.sparkSession.catalog.dropTempView(view)


def _write_once(  # noqa: PLR0913 - what is written, where, and how
    df: DataFrame, name: str, *, mode: str, seen: int, where: str = "", partitioned_by: Sequence[str] = ()
) -> None:
    from pyspark.errors import PySparkException

    writer = df.write.format("delta").mode(mode).option("txnAppId", _WRITES).option("txnVersion", seen + 1)
    if where:
        writer = writer.option("replaceWhere", where)
    elif mode == "overwrite":
        writer = writer.option("overwriteSchema", "true").partitionBy(*partitioned_by)
    try:
        writer.saveAsTable(name)
    except PySparkException as error:
        # Another such write ran at the same time and finished first: this write must do nothing, as above.
        if "CONCURRENT_TRANSACTION" not in str(error) and "ConcurrentTransactionException" not in str(error):
            raise


def _column(field: StructField) -> str:
    comment = field.metadata.get("comment")
    suffix = f" COMMENT '{_quoted(comment)}'" if comment else ""
    return f"`{field.name}` {field.dataType.simpleString()}{suffix}"


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace("'", "\\'")
