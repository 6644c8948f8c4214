"""The one place that writes: create a table, append once, merge the latest, replace.

SQL MERGE and the DataFrame writer, because they run on every supported runtime, classic and Connect. Each function is one
Delta commit: after a crash the table holds all of it or nothing, and the same call again adds what is missing.
"""

from collections.abc import Sequence
from uuid import uuid4

from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import types as T


def ensure_table(
    spark: SparkSession, name: str, schema: T.StructType, *, comment: str, partitioned_by: Sequence[str] = ()
) -> None:
    """Create a Delta table if there is none; an existing one is left as it is."""
    columns = ", ".join(_column(field) for field in schema.fields)
    partitions = f" PARTITIONED BY ({', '.join(partitioned_by)})" if partitioned_by else ""
    spark.sql(f"CREATE TABLE IF NOT EXISTS {name} ({columns}) USING DELTA{partitions} COMMENT '{_quoted(comment)}'")


def table_version(spark: SparkSession, name: str) -> int:
    """Return the number of a Delta table's newest commit."""
    return int(spark.sql(f"DESCRIBE HISTORY {name} LIMIT 1").collect()[0]["version"])


def append_once(df: DataFrame, name: str, *, seen: int) -> None:
    """Append rows in one commit, unless another append came since the table was looked at.

    What is new was found by reading the table; it may be appended only if it is still new. Delta keeps the number of the
    last append with the table, in the same commit as the rows: of two appends that saw the same version, the second does
    nothing — also where the first belongs to a process that was killed
    and whose statement lived on. So look afterwards whether the rows are there.

    Args:
        df: The table's columns.
        name: An existing table.
        seen: `table_version` as it was before the table was looked at.
    """
    writing = df.write.format("delta").mode("append").option("txnAppId", "append_once").option("txnVersion", seen + 1)
    try:
        writing.saveAsTable(name)
    except PySparkException as error:
        # The other append was still under way when this one began, and came first: the same as having seen it.
        if "CONCURRENT_TRANSACTION" not in str(error) and "ConcurrentTransactionException" not in str(error):
            raise


def merge_latest(df: DataFrame, name: str, *, keys: Sequence[str], version: Sequence[str]) -> None:
    """Insert new keys, and overwrite a known key where `df` holds a later version of it.

    Args:
        df: The table's columns; one row a key.
        name: The table.
        keys: The key's columns, never NULL.
        version: Columns that order the versions of a key, the first one first.
    """
    newer = f"struct({', '.join(f's.{c}' for c in version)}) > struct({', '.join(f't.{c}' for c in version)})"
    same_key = " AND ".join(f"t.{key} = s.{key}" for key in keys)
    view = f"merge_{uuid4().hex}"
    df.createOrReplaceTempView(view)
    try:
        df.sparkSession.sql(
            f"MERGE INTO {name} AS t USING {view} AS s ON {same_key} "
            f"WHEN MATCHED AND {newer} THEN UPDATE SET * WHEN NOT MATCHED THEN INSERT *"
        ).collect()
    finally:
        df.sparkSession.catalog.dropTempView(view)


def replace_table(df: DataFrame, name: str) -> None:
    """Replace all rows and the schema of a table, in one commit; its history stays."""
    df.write.format("delta").mode("overwrite").option("overwriteSchema", "true").saveAsTable(name)


def replace_where(df: DataFrame, name: str, condition: str) -> None:
    """Replace the rows that fulfil a condition by `df`, in one commit; Delta refuses rows that do not fulfil it.

    Args:
        df: The table's columns.
        name: An existing table.
        condition: SQL text on its columns.
    """
    df.write.format("delta").mode("overwrite").option("replaceWhere", condition).saveAsTable(name)


def _column(field: T.StructField) -> str:
    comment = field.metadata.get("comment")
    said = f" COMMENT '{_quoted(comment)}'" if comment else ""
    return f"`{field.name}` {field.dataType.simpleString()}{said}"


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace("'", "\\'")
