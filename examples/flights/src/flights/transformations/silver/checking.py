"""Judge the records of bronze: each becomes exactly one row of a checked table, valid or not."""

from collections.abc import Sequence

from databricks_utils.quality import FAILURES, VALID, Rule, annotate
from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

ORIGIN = ("_source_file", "_file_sha256", "_row", "_ingested_at")
VERSION = ("_ingested_at", "_source_file", "_row")


def check(read: DataFrame, rules: Sequence[Rule], *, columns: Sequence[str], raw: Sequence[str]) -> DataFrame:
    """Apply the rules and keep what silver and quarantine need.

    Args:
        read: Bronze records with their typed columns; grain one line.
        rules: What must hold.
        columns: The typed columns.
        raw: The columns as delivered.

    Returns:
        Grain of `read`, key `_file_sha256, _ingested_at, _row`: `columns`; the record's origin; `_failures`, `_valid`; `_raw`, the
        record as JSON, for invalid rows only.
    """
    line = F.struct(*(F.col(f"_delivered.{name}").alias(name) for name in raw), "_corrupt_record", "_extra")
    judged = annotate(read, rules).withColumn("_raw", F.when(~F.col(VALID), F.to_json(line)))
    return judged.select(*columns, *ORIGIN, FAILURES, "_raw", VALID)


def with_delivered(records: DataFrame, raw: Sequence[str]) -> DataFrame:
    """Keep the raw columns under `_delivered` too, before typed ones take their names."""
    return records.withColumn("_delivered", F.struct(*raw))


def latest(checked: DataFrame, keys: Sequence[str]) -> DataFrame:
    """Keep the last version of each key.

    Args:
        checked: Rows of a checked table; several may share a key.
        keys: The key's columns.

    Returns:
        One row a key: the one ingested last; within one ingestion the last by file name, then by line.
    """
    newest = Window.partitionBy(*keys).orderBy(*(F.col(name).desc() for name in VERSION))
    return checked.withColumn("_rank", F.row_number().over(newest)).where("_rank = 1").drop("_rank")
