"""`ops.deliveries`: one row for each delivery, so that a known file need not be read again, and a lost one is noticed.

It is written after bronze. If a row is missing, the next ingestion adds it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import reduce
from typing import TYPE_CHECKING

from databricks_utils.catalog.record_table import RecordTable
from databricks_utils.catalog.tables import append_rows, columns_of, merge_latest
from databricks_utils.context import Context
from databricks_utils.medallion.bronze.deliveries import Deliveries, Delivery
from databricks_utils.medallion.declaring.sources import Source

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

TABLE = "deliveries"
_DELIVERIES = RecordTable(
    {
        "source": ("string", "The source"),
        "file": ("string", "Name of the file"),
        "sha256": ("string", "Hash of the file's bytes"),
        "bytes": ("bigint", "Size of the file"),
        "modified_at": ("timestamp", "When the file was last written"),
        "records": ("bigint", "Records counted in the file before it was loaded"),
        "repeats": (
            "string",
            "The file with the same content, because of which it was not loaded; NULL if it was",
        ),
        "ingested_at": ("timestamp", "When it was loaded"),
        "listed_at": ("timestamp", "When the landing folder was listed and the file had this size and time"),
    },
    comment="One row for each delivery of a file",
)
_KEY = ("source", "file", "ingested_at")


def read_deliveries(
    spark: SparkSession, context: Context, sources: Sequence[Source], *, without_rows: Collection[str] = ()
) -> dict[str, Deliveries]:
    """Read the deliveries of some sources, by the source's name, in one query.

    Args:
        spark: A session that may read bronze and ops.
        context: The environment.
        sources: The sources; their bronze tables exist.
        without_rows: Names of the sources whose bronze table has no rows; it is not read.
    """
    from pyspark.sql import functions as F

    parts = [_held(spark, context, source) for source in sources if source.name not in without_rows]
    name = context.table("ops", TABLE)
    if sources and columns_of(spark, name) is not None:
        wanted = [source.name for source in sources]
        recorded = spark.table(name).where(F.col("source").isin(wanted)).select(*_DELIVERIES.selected())
        parts.append(recorded)
    rows = (
        reduce(lambda one, other: one.unionByName(other, allowMissingColumns=True), parts).collect()
        if parts
        else []
    )
    found = [row.asDict() for row in rows]
    return {
        source.name: Deliveries.of(
            (_delivery(row) for row in found if row["source"] == source.name and row["listed_at"] is None),
            (
                _delivery(row)
                for row in found
                if row["source"] == source.name and row["listed_at"] is not None
            ),
        )
        for source in sources
    }


def record_deliveries(
    spark: SparkSession, context: Context, deliveries: Mapping[str, Sequence[Delivery]], *, only_new: bool
) -> None:
    """Record deliveries in one commit; without deliveries do nothing.

    Args:
        spark: A session that may write ops.
        context: The environment.
        deliveries: A source's name → its deliveries.
        only_new: Whether none of them has a row yet; an append takes a third of the time of a MERGE.
    """
    rows = [
        (
            *(source, item.file, item.sha256, item.size, item.modified, item.records, item.repeats or None),
            *(item.ingested, item.listed),
        )
        for source, items in deliveries.items()
        for item in items
    ]
    if not rows:
        return
    name = context.table("ops", TABLE)
    _DELIVERIES.ensure(spark, name)
    frame = _DELIVERIES.rows(spark, rows)
    if only_new:
        append_rows(frame, name)
    else:
        merge_latest(frame, name, keys=_KEY, version=("listed_at",))


def _held(spark: SparkSession, context: Context, source: Source) -> DataFrame:
    from pyspark.sql import functions as F

    return (
        spark.table(context.table("bronze", source.name))
        .groupBy(F.col("_source_file").alias("file"), F.col("_file_sha256").alias("sha256"), "_ingested_at")
        .agg(F.max("_file_records").alias("records"), F.count("*").alias("rows"))
        .select(
            F.lit(source.name).alias("source"),
            *("file", "sha256", "records", "rows"),
            F.unix_micros("_ingested_at").alias("ingested_at"),
            F.lit(None).cast("bigint").alias("listed_at"),
        )
    )


def _delivery(row: Mapping[str, object]) -> Delivery:
    def number(name: str) -> int | None:
        value = row.get(name)
        return None if value is None else int(str(value))

    return Delivery(
        file=str(row["file"]),
        sha256=str(row["sha256"]),
        ingested=number("ingested_at") or 0,
        records=number("records") or 0,
        rows=number("rows") or 0,
        repeats=str(row.get("repeats") or ""),
        size=number("bytes"),
        modified=number("modified_at"),
        listed=number("listed_at"),
    )
