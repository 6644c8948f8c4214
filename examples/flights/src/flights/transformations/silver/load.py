"""From bronze into silver and quarantine, only what is new, and never torn apart.

Two commits an entity: all new records, judged, into the checked table; then its valid side is merged into silver. Quarantine
is a view on the other side. How far each step got is read from the tables themselves (the newest `_ingested_at`), so that
after a crash the same call adds exactly what is missing.
"""

from concurrent.futures import ThreadPoolExecutor

from databricks_utils.errors import DatabricksUtilsError
from databricks_utils.quality import FAILURES, VALID, assert_quarantine_share
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from flights.context import Context
from flights.transformations.silver.checking import ORIGIN, VERSION, latest
from flights.transformations.silver.entities import ENTITIES, Entity
from flights.transformations.tables import append_once, ensure_table, merge_latest, table_version


class ConcurrentTransformationError(DatabricksUtilsError, RuntimeError):
    """Raised when another transformation appended between looking at a table and writing it."""


def load_silver(spark: SparkSession, context: Context) -> None:
    """Bring every entity of silver up to what bronze holds.

    Args:
        spark: A session that may read bronze, and write silver and quarantine.
        context: The environment.

    Raises:
        QuarantineShareError: Too many records of a source are invalid; they are in the quarantine, silver is as before.
    """
    independent = [entity for entity in ENTITIES if entity.needs is None]
    # Side by side: with small tables most of the time is waiting for one commit after the other.
    with ThreadPoolExecutor(max_workers=len(independent)) as pool:
        for loaded in [pool.submit(_load_entity, spark, context, entity) for entity in independent]:
            loaded.result()
    for entity in ENTITIES:
        if entity.needs is not None:
            _load_entity(spark, context, entity)


def checked_table(context: Context, entity: Entity) -> str:
    """Return the name of the table with every judged record of an entity."""
    return context.table("silver", f"{entity.source.name}_checked")


def _load_entity(spark: SparkSession, context: Context, entity: Entity) -> None:
    _prepare(spark, context, entity)
    newest = _check_new_records(spark, context, entity)
    _merge_valid_rows(spark, context, entity, newest)


def _prepare(spark: SparkSession, context: Context, entity: Entity) -> None:
    name, bronze = entity.source.name, spark.table(context.table("bronze", entity.source.name))
    needed = spark.table(context.table("silver", entity.needs)) if entity.needs else None
    schema = entity.judge(bronze.limit(0), needed).schema
    checked = checked_table(context, entity)
    ensure_table(spark, checked, schema, comment=f"{entity.source.comment}, judged", partitioned_by=[VALID])
    kept = [field for field in schema.fields if field.name in (*entity.columns, *ORIGIN)]
    ensure_table(spark, context.table("silver", name), type(schema)(kept), comment=entity.source.comment)
    quarantine = context.table("quarantine", name)
    invalid = f"SELECT * FROM {checked} WHERE NOT {VALID}"  # noqa: S608 - names from the configuration, checked there
    spark.sql(f"CREATE VIEW IF NOT EXISTS {quarantine} AS {invalid}")


def _check_new_records(spark: SparkSession, context: Context, entity: Entity) -> int:
    """Judge what bronze holds and the checked table does not; return how far that table reaches then."""
    checked, bronze = checked_table(context, entity), context.table("bronze", entity.source.name)
    seen = table_version(spark, checked)
    reached, newest = _reached(spark, checked), _reached(spark, bronze)
    if newest <= reached:
        return reached
    needed = spark.table(context.table("silver", entity.needs)) if entity.needs else None
    judged = entity.judge(_between(spark, bronze, reached, newest), needed)
    append_once(judged, checked, seen=seen)
    _verify_reached(spark, checked, newest)
    return newest


def _merge_valid_rows(spark: SparkSession, context: Context, entity: Entity, newest: int) -> None:
    checked, silver = checked_table(context, entity), context.table("silver", entity.source.name)
    seen = table_version(spark, silver)
    reached = _reached(spark, silver)
    if newest <= reached:
        return
    new = _between(spark, checked, reached, newest)
    counted, invalid = _judged(new)
    assert_quarantine_share(
        table=silver,
        rows=counted,
        quarantined=invalid,
        maximum=context.config.quality.max_quarantined_share,
    )
    rows = latest(new.where(VALID).drop(FAILURES, "_raw", VALID), entity.keys)
    if reached:
        merge_latest(rows, silver, keys=entity.keys, version=VERSION)
    else:  # the first rows meet no others: the same result for a third of the time
        append_once(rows, silver, seen=seen)


def _judged(new: DataFrame) -> tuple[int, int]:
    """Count new records, and the invalid ones among them; of a file that was delivered anew only its last version."""
    deliveries = new.groupBy("_source_file", "_ingested_at").agg(
        F.count("*").alias("rows"), F.count_if(~F.col(VALID)).alias("invalid")
    )
    last = {row["_source_file"]: row for row in sorted(deliveries.collect(), key=lambda row: row["_ingested_at"])}
    return sum(row["rows"] for row in last.values()), sum(row["invalid"] for row in last.values())


def _verify_reached(spark: SparkSession, table: str, newest: int) -> None:
    if _reached(spark, table) < newest:
        raise ConcurrentTransformationError(
            f"{table} was written by another transformation at the same moment; nothing was lost",
            location=table,
            fix="run the transformation again: it adds what is missing",
        )


def _reached(spark: SparkSession, table: str) -> int:
    """Return the newest ingestion that a table holds, in microseconds since 1970; 0 for an empty table."""
    newest = spark.table(table).agg(F.max(F.unix_micros("_ingested_at")).alias("at")).first()
    return (newest["at"] if newest else None) or 0


def _between(spark: SparkSession, table: str, after: int, until: int) -> DataFrame:
    """Return what was ingested after one moment, until another one included; what comes in meanwhile waits."""
    moments = [F.timestamp_micros(F.lit(moment)) for moment in (after, until)]
    return spark.table(table).where((F.col("_ingested_at") > moments[0]) & (F.col("_ingested_at") <= moments[1]))
