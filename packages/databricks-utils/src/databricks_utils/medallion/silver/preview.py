"""What judging the quarantined records again would do: the same judgement, and nothing is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from databricks_utils.catalog.tables import columns_of
from databricks_utils.context import Context
from databricks_utils.medallion.bronze.records import ROW_KEY
from databricks_utils.medallion.declaring.declarations import Entity
from databricks_utils.medallion.silver.definition import define
from databricks_utils.medallion.silver.judging import EntityTables, judge, needed_versions
from databricks_utils.quality import FAILURES, VALID, Severity

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

_RULE = "rule"


@dataclass(frozen=True)
class Preview:
    """What judging an entity's quarantined records again would do now.

    Attributes:
        entity: Its name.
        quarantined: Records in quarantine.
        arriving: Those that are valid now.
        failed: Rule → the records that fail it now; a record may fail several.
        lost: Records whose row of bronze is gone; they stay as they are.
    """

    entity: str
    quarantined: int
    arriving: int
    failed: Mapping[str, int]
    lost: int


def preview(spark: SparkSession, context: Context, entity: Entity) -> Preview:
    """Judge the quarantined records of an entity again, by today's rules and tables.

    Args:
        spark: A session that may read bronze and silver.
        context: The environment.
        entity: The entity.
    """
    tables = EntityTables.of(context, entity)
    if columns_of(spark, tables.checked) is None:
        return Preview(entity.name, 0, 0, {}, 0)
    invalid = spark.table(tables.checked).where(f"NOT {VALID}").select(*ROW_KEY)
    versions = needed_versions(spark, context, entity)
    judged = judge(
        entity,
        spark.table(tables.bronze).join(invalid, list(ROW_KEY), "left_semi"),
        [spark.table(context.table("silver", name)) for name in entity.required],
        digest=define(entity).digest,
        versions=versions,
        judged_at=datetime.now(UTC),
        run_id=context.run_id,
        existing=spark.table(tables.silver) if entity.compares_with_today else None,
    )
    counts = {row[_RULE]: int(row["records"]) for row in _by_rule(judged).collect()}
    quarantined, arriving, still = invalid.count(), counts.pop(None, 0), counts.pop("", 0)
    return Preview(entity.name, quarantined, arriving, counts, quarantined - arriving - still)


def _by_rule(judged: DataFrame) -> DataFrame:
    """Count judged records: one row for each rule that fails, one with NULL for the valid records, one with '' for the invalid ones."""
    from pyspark.sql import functions as F

    errors = F.filter(FAILURES, lambda failure: failure["severity"] != Severity.WARNING.value)
    rules = F.transform(errors, lambda failure: failure[_RULE])
    invalid = F.array_distinct(F.concat(F.array(F.lit("")), rules))
    counted = F.when(F.col(VALID), F.array(F.lit(None).cast("string"))).otherwise(invalid)
    return judged.select(F.explode(counted).alias(_RULE)).groupBy(_RULE).agg(F.count("*").alias("records"))
