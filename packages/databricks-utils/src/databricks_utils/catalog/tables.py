"""Write Delta tables: create, append once, merge the latest, replace. All code of this package writes tables through it.

The functions use SQL MERGE and the DataFrame writer, which work on every supported runtime, classic and Connect. Each function
makes one Delta commit: after a crash the table contains all of its rows or none, and the same call again adds what is missing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import uuid4

from databricks_utils.catalog.commits import committing
from databricks_utils.catalog.history import WRITES, new_mark, recent_marks
from databricks_utils.quoting import literal, quote_part
from databricks_utils.spark_failures import spark_failures

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession
    from pyspark.sql.types import StructField, StructType


@dataclass(frozen=True)
class Attempt:
    """A write of `append_once` or `replace_once`.

    Attributes:
        spark: The session that wrote.
        table: The table.
        mark: The text that identifies the write in the table's history; empty if Delta refused the write.
    """

    spark: SparkSession
    table: str
    mark: str

    def succeeded(self) -> bool:
        """Return whether the rows were written; False if another write was first. Reads the table's history."""
        return bool(self.mark) and self.mark in recent_marks(self.spark, self.table)


def columns_of(spark: SparkSession, name: str) -> list[StructField] | None:
    """Return the columns of a table or view; None if it does not exist, or if it is a view that cannot be read any more."""
    from pyspark.errors import AnalysisException

    try:
        return list(spark.table(name).schema.fields)
    except AnalysisException:
        return None


def ensure_table(  # noqa: PLR0913 - what a table is made of
    spark: SparkSession,
    name: str,
    schema: StructType,
    *,
    comment: str,
    partitioned_by: Sequence[str] = (),
    properties: Mapping[str, str] | None = None,
) -> bool:
    """Create a Delta table if it does not exist; add the columns that an existing table lacks.

    Args:
        spark: A session that may create and change the table.
        name: The table.
        schema: Its columns; the metadata `comment` of a field is the column's comment.
        comment: The new table's comment.
        partitioned_by: The new table's partition columns.
        properties: The new table's properties.

    Returns:
        Whether the table did not exist. Then it has no rows, unless another process has created it and written to it since: a write
        of `append_once` or `replace_once` that takes it for empty is refused then.
    """
    there = columns_of(spark, name)
    if there is not None:
        known = {field.name for field in there}
        add_columns(spark, name, [field for field in schema.fields if field.name not in known])
        return False
    columns = ", ".join(_column(field) for field in schema.fields)
    partitions = f" PARTITIONED BY ({', '.join(partitioned_by)})" if partitioned_by else ""
    listed = ", ".join(f"{literal(key)} = {literal(value)}" for key, value in (properties or {}).items())
    options = f" TBLPROPERTIES ({listed})" if listed else ""
    with committing(name):
        spark.sql(
            f"CREATE TABLE IF NOT EXISTS {name} ({columns}) USING DELTA{partitions} "
            f"COMMENT {literal(comment)}{options}"
        )
    return True


def add_columns(spark: SparkSession, name: str, fields: Sequence[StructField]) -> None:
    """Add columns to the end of a table; existing rows get NULL.

    Args:
        spark: A session that may change the table.
        name: An existing table.
        fields: The new columns; without columns the function does nothing.
    """
    if not fields:
        return
    with committing(name):
        spark.sql(f"ALTER TABLE {name} ADD COLUMNS ({', '.join(_column(field) for field in fields)})")


def ensure_view(spark: SparkSession, name: str, query: str) -> None:
    """Create a view if it does not exist; change it if its columns are not those of its query.

    ALTER VIEW, because CREATE OR REPLACE VIEW removes the privileges that were granted on the view.

    Args:
        spark: A session that may create and change the view.
        name: The view.
        query: SQL text; its tables exist.
    """
    there = columns_of(spark, name)
    if there is None:
        with committing(name):
            spark.sql(f"CREATE VIEW IF NOT EXISTS {name} AS {query}")
        there = columns_of(spark, name)
    if _types(there) != _types(spark.sql(query).schema.fields):
        with committing(name):
            spark.sql(f"ALTER VIEW {name} AS {query}")


def append_rows(df: DataFrame, name: str) -> None:
    """Append rows to a table in one commit; the same call again appends them again.

    Args:
        df: Rows with the table's columns.
        name: An existing table.
    """
    with committing(name):
        df.write.format("delta").mode("append").saveAsTable(name)


def append_once(df: DataFrame, name: str, *, state: int) -> Attempt:
    """Append rows in one commit, unless another such write was made since the table was read.

    The caller has read the table to find its new rows; they may be appended only if they are still new. Delta stores a number
    in the same commit as the rows. Of two writes that read the same state, the second does nothing, also if the first comes
    from a killed process whose statement ran on.

    Args:
        df: The new rows, with the table's columns.
        name: An existing table.
        state: A number that every such write increases: the newest time in the table's rows. If rows were deleted, `last_write` is
            greater, and a write with the lower number is refused: read `last_write`, then the rows, and write again. The table's
            version is not suitable: other commits increase it too.

    Returns:
        The write; `succeeded()` is True if no other was first.
    """
    return _write_once(df, name, mode="append", state=state)


def replace_once(
    df: DataFrame, name: str, *, state: int, where: str = "", partitioned_by: Sequence[str] = ()
) -> Attempt:
    """Replace rows of a table in one commit, unless another such write was made since the table was read.

    Args:
        df: The new rows.
        name: An existing table.
        state: See `append_once`.
        where: SQL condition: only matching rows are replaced, and the schema stays; empty: all rows and the schema.
        partitioned_by: The table's partition columns, if the schema is replaced.

    Returns:
        The write; `succeeded()` is True if no other was first.
    """
    return _write_once(df, name, mode="overwrite", state=state, where=where, partitioned_by=partitioned_by)


def merge_latest(
    df: DataFrame, name: str, *, keys: Sequence[str], version: Sequence[str], within: str = ""
) -> None:
    """Insert new keys, and overwrite an existing key if `df` has a later version of it.

    Args:
        df: Rows with the table's columns; one row for each key.
        name: The table.
        keys: The key columns, never NULL.
        version: Columns that order the versions of a key, the most significant first.
        within: SQL condition that every row `t` of the table with one of these keys fulfils; see `key_bounds`. Empty: none is known.
    """
    newer = f"struct({', '.join(f's.{c}' for c in version)}) > struct({', '.join(f't.{c}' for c in version)})"
    _merge(
        df,
        name,
        keys=keys,
        within=within,
        clauses=f"WHEN MATCHED AND {newer} THEN UPDATE SET * WHEN NOT MATCHED THEN INSERT *",
    )


def correct_rows(df: DataFrame, name: str, *, keys: Sequence[str], where: str, gone: str) -> None:
    """Overwrite or delete existing rows in one commit; rows of `df` with a key that is not in the table are ignored.

    Args:
        df: Rows with the table's columns, and one more; one row for each key.
        name: The table.
        keys: The key columns, never NULL.
        where: SQL condition on the table's row `t`; other rows stay unchanged.
        gone: Boolean column of `df`: true deletes the row, false overwrites it.
    """
    clauses = (
        f"WHEN MATCHED AND ({where}) AND s.{gone} THEN DELETE WHEN MATCHED AND ({where}) THEN UPDATE SET *"
    )
    _merge(df, name, keys=keys, clauses=clauses)


def delete_rows(spark: SparkSession, name: str, where: str) -> None:
    """Delete the rows that match a SQL condition, in one commit."""
    with committing(name):
        spark.sql(f"DELETE FROM {name} WHERE {where}").collect()  # noqa: S608 - a condition that the caller makes


def replace_table(df: DataFrame, name: str) -> None:
    """Replace all rows and the schema of a table, in one commit; its history stays."""
    with committing(name):
        df.write.format("delta").mode("overwrite").option("overwriteSchema", "true").saveAsTable(name)


def replace_where(df: DataFrame, name: str, condition: str, *, mark: str = "") -> None:
    """Replace the rows that match a condition with `df`, in one commit; Delta refuses new rows that do not match it.

    Args:
        df: Rows with the table's columns.
        name: An existing table.
        condition: SQL condition on its columns.
        mark: Text for the table's history that identifies the commit.
    """
    writer = df.write.format("delta").mode("overwrite").option("replaceWhere", condition)
    with committing(name):
        (writer.option("userMetadata", mark) if mark else writer).saveAsTable(name)


def _merge(df: DataFrame, name: str, *, keys: Sequence[str], clauses: str, within: str = "") -> None:
    """Merge `df` (as `s`) into a table (as `t`) with one statement."""
    same_key = " AND ".join(filter(None, (*(f"t.{key} = s.{key}" for key in keys), within)))
    view = f"merge_{uuid4().hex}"
    df.createOrReplaceTempView(view)
    try:
        with committing(name):
            df.sparkSession.sql(f"MERGE INTO {name} AS t USING {view} AS s ON {same_key} {clauses}").collect()
    finally:
        df.sparkSession.catalog.dropTempView(view)


def _write_once(  # noqa: PLR0913 - what is written, where, and how
    df: DataFrame, name: str, *, mode: str, state: int, where: str = "", partitioned_by: Sequence[str] = ()
) -> Attempt:
    mark = new_mark(state + 1)
    writer = df.write.format("delta").mode(mode).option("userMetadata", mark)
    writer = writer.option("txnAppId", WRITES).option("txnVersion", state + 1)
    if where:
        writer = writer.option("replaceWhere", where)
    elif mode == "overwrite":
        writer = writer.option("overwriteSchema", "true").partitionBy(*partitioned_by)
    try:
        with committing(name):
            writer.saveAsTable(name)
    except spark_failures() as error:
        # Another such write ran at the same time and finished first.
        if "CONCURRENT_TRANSACTION" not in str(error) and "ConcurrentTransactionException" not in str(error):
            raise
        mark = ""
    return Attempt(df.sparkSession, name, mark)


def _column(field: StructField) -> str:
    comment = field.metadata.get("comment")
    suffix = f" COMMENT {literal(comment)}" if comment else ""
    return f"{quote_part(field.name)} {field.dataType.simpleString()}{suffix}"


def _types(columns: Sequence[StructField] | None) -> list[tuple[str, str]]:
    return [(field.name, field.dataType.simpleString()) for field in columns or ()]
