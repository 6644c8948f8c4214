"""Silver: each record of bronze is judged once, and becomes one row of a checked table, valid or not.

Three tables an entity: `silver.<name>_checked` holds every judged record, `silver.<name>` the latest valid one of each key,
and `quarantine.<name>` is a view of the invalid ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from databricks_utils.catalog.tables import add_columns, ensure_table
from databricks_utils.context import Context
from databricks_utils.medallion.bronze.records import records
from databricks_utils.medallion.declaring.declarations import Entity
from databricks_utils.medallion.errors import ColumnTypeError
from databricks_utils.quality import FAILURES, VALID, annotate

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession
    from pyspark.sql.types import StructField, StructType

JUDGED_AT, DEFINITION, RAW = "_judged_at", "_definition", "_raw"
ORIGIN = ("_source_file", "_file_sha256", "_row", "_ingested_at", DEFINITION)
VERSION = ("_ingested_at", "_source_file", "_row")
# Records are merged by the moment of their judgement, so no MERGE may commit behind a later append: on Databricks the weaker
# default would let it. Source: https://docs.databricks.com/aws/en/optimize/isolation-level
_ISOLATED = {"delta.isolationLevel": "Serializable"}


@dataclass(frozen=True)
class EntityTables:
    """The names of an entity's tables, each with three parts."""

    bronze: str
    checked: str
    silver: str
    quarantine: str

    @classmethod
    def of(cls, context: Context, entity: Entity) -> EntityTables:
        """Return the names in an environment."""
        return cls(
            context.table("bronze", entity.source.name),
            context.table("silver", f"{entity.name}_checked"),
            context.table("silver", entity.name),
            context.table("quarantine", entity.name),
        )


def judge(
    entity: Entity, bronze: DataFrame, needed: Sequence[DataFrame], *, digest: str, judged_at: datetime
) -> DataFrame:
    """Type the records of bronze and apply the rules.

    Args:
        entity: How.
        bronze: Rows of the source's bronze table.
        needed: The silver tables that `entity.needs` names.
        digest: The definition's.
        judged_at: The time given to all rows.

    Returns:
        Grain and key of bronze (`_file_sha256, _ingested_at, _row`): the entity's columns; the record's origin; `_judged_at`
        timestamp and `_definition` string; `_failures` and `_valid` (see `quality.annotate`); `_raw`, the record as JSON,
        for invalid rows only.
    """
    from pyspark.sql import functions as F

    raw = entity.source.columns
    delivered = records(bronze, entity.source).withColumn("_delivered", F.struct(*raw))
    line = F.struct(*(F.col(f"_delivered.`{name}`").alias(name) for name in raw), "_corrupt_record", "_extra")
    judged = annotate(entity.read(delivered, *needed), entity.rules)
    return (
        judged.withColumn(RAW, F.when(~F.col(VALID), F.to_json(line)))
        .withColumn(JUDGED_AT, F.lit(judged_at))
        .withColumn(DEFINITION, F.lit(digest))
        .select(*entity.columns, *ORIGIN, JUDGED_AT, FAILURES, RAW, VALID)
    )


def silver_rows(checked: DataFrame, entity: Entity) -> DataFrame:
    """Return the last valid version of each key.

    Args:
        checked: Rows of the checked table; several may share a key.
        entity: Whose they are.

    Returns:
        Grain and key: the entity's keys; its columns and `ORIGIN`. The version that was ingested last, within one ingestion
        the last by file name, then by line.
    """
    from pyspark.sql import Window
    from pyspark.sql import functions as F

    newest = Window.partitionBy(*entity.keys).orderBy(*(F.col(name).desc() for name in VERSION))
    ranked = checked.where(VALID).withColumn("_rank", F.row_number().over(newest))
    return ranked.where("_rank = 1").select(*entity.columns, *ORIGIN)


def ensure_tables(spark: SparkSession, tables: EntityTables, entity: Entity, judged: StructType) -> None:
    """Create an entity's tables and its view where they are missing.

    Args:
        spark: A session that may create them.
        tables: Their names.
        entity: The entity.
        judged: The schema of what `judge` returns.
    """
    comment = entity.source.comment
    ensure_table(
        spark,
        tables.checked,
        judged,
        comment=f"{comment}, judged",
        partitioned_by=[VALID],
        properties=_ISOLATED,
    )
    ensure_table(spark, tables.silver, _kept(entity, judged), comment=comment)
    spark.sql(f"CREATE VIEW IF NOT EXISTS {tables.quarantine} AS {_invalid(tables)}")


def evolve_tables(spark: SparkSession, tables: EntityTables, entity: Entity, judged: StructType) -> None:
    """Add the columns that an entity's declaration has and its tables have not.

    Raises:
        ColumnTypeError: A column has another type in the table.
    """
    _add_missing(spark, tables.silver, _kept(entity, judged).fields)
    _add_missing(spark, tables.checked, judged.fields)
    renew_quarantine(spark, tables)


def renew_quarantine(spark: SparkSession, tables: EntityTables) -> None:
    """Define the view of invalid rows anew where its columns are not those of the checked table any more.

    ALTER VIEW, since CREATE OR REPLACE VIEW takes the privileges granted on the view away.
    """
    if _columns(spark, tables.quarantine) != _columns(spark, tables.checked):
        spark.sql(f"ALTER VIEW {tables.quarantine} AS {_invalid(tables)}")


def in_columns_of(df: DataFrame, table: DataFrame) -> DataFrame:
    """Return `df` in the columns of a table; those that it lacks are NULL."""
    from pyspark.sql import functions as F

    there = set(df.columns)
    return df.select(
        *(
            F.col(field.name) if field.name in there else F.lit(None).cast(field.dataType).alias(field.name)
            for field in table.schema.fields
        )
    )


def _invalid(tables: EntityTables) -> str:
    return f"SELECT * FROM {tables.checked} WHERE NOT {VALID}"  # noqa: S608 - names from the configuration, checked there


def _kept(entity: Entity, judged: StructType) -> StructType:
    return type(judged)([field for field in judged.fields if field.name in (*entity.columns, *ORIGIN)])


def _add_missing(spark: SparkSession, table: str, fields: Sequence[StructField]) -> None:
    there = {field.name: field.dataType for field in spark.table(table).schema.fields}
    for field in fields:
        kind = there.get(field.name, field.dataType)
        if kind.simpleString() != field.dataType.simpleString():
            raise ColumnTypeError(
                f"{table}: `{field.name}` is {kind.simpleString()} in the table and {field.dataType.simpleString()} in the code",
                location=table,
                fix="make the table anew from bronze: run the transformation with mode=rebuild and without since\n(Medallion.rebuild())",
            )
    add_columns(spark, table, [field for field in fields if field.name not in there])


def _columns(spark: SparkSession, table: str) -> list[tuple[str, str]] | None:
    """Return names and types of a table's or view's columns; None where a view cannot be read any more."""
    from pyspark.errors import AnalysisException

    try:
        return [(field.name, field.dataType.simpleString()) for field in spark.table(table).schema.fields]
    except AnalysisException:
        return None
