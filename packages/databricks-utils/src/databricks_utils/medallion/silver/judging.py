"""Silver: each record of bronze is judged once, and becomes one row of a checked table, valid or not.

Three tables an entity: `silver.<name>_checked` holds every judged record, `silver.<name>` the latest valid one of each key,
and `quarantine.<name>` is a view of the invalid ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from databricks_utils.catalog.history import data_version
from databricks_utils.catalog.tables import (
    add_columns,
    columns_of,
    ensure_table,
    ensure_view,
)
from databricks_utils.context import Context
from databricks_utils.medallion.bronze.records import records
from databricks_utils.medallion.declaring.declarations import Entity
from databricks_utils.medallion.declaring.text_values import DELIVERED
from databricks_utils.medallion.errors import ColumnTypeError
from databricks_utils.medallion.silver.reading import read_and_judge
from databricks_utils.quality import FAILURES, VALID
from databricks_utils.quoting import quote_part

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession
    from pyspark.sql.types import StructField, StructType

JUDGED_AT, DEFINITION, NEEDED, RAW = "_judged_at", "_definition", "_needed", "_raw"
CONTRACT, RUN = "_contract", "_run_id"
ORIGIN = ("_source_file", "_file_sha256", "_row", "_ingested_at", DEFINITION)
VERSION = ("_ingested_at", "_source_file", "_row")
# Records are merged by the moment of their judgement, so no MERGE may commit behind a later append: on Databricks the weaker
# default would let it. Source: https://docs.databricks.com/aws/en/optimize/isolation-level
_ISOLATED = {"delta.isolationLevel": "Serializable"}


@dataclass(frozen=True)
class EntityTables:
    """The three-part names of an entity's tables."""

    bronze: str
    checked: str
    silver: str
    quarantine: str

    @classmethod
    def of(cls, context: Context, entity: Entity) -> EntityTables:
        """Return the names of an entity's tables in an environment."""
        return cls(
            context.table("bronze", entity.source.name),
            context.table("silver", f"{entity.name}_checked"),
            context.table("silver", entity.name),
            context.table("quarantine", entity.name),
        )


def judge(  # noqa: PLR0913 - what is judged, and what each row records of its judgement
    entity: Entity,
    bronze: DataFrame,
    needed: Sequence[DataFrame],
    *,
    digest: str,
    versions: str,
    judged_at: datetime,
    run_id: str,
    existing: DataFrame | None = None,
) -> DataFrame:
    """Type the records of bronze and apply the rules.

    Args:
        entity: The entity.
        bronze: Rows of the source's bronze table.
        needed: The silver tables in `entity.required`.
        digest: The hash of the definition.
        versions: The versions of the needed tables; see `needed_versions`.
        judged_at: The time given to all rows.
        run_id: The run of the job, given to all rows.
        existing: See `read_and_judge`.

    Returns:
        Grain and key of bronze (`_file_sha256, _ingested_at, _row`): the entity's columns; the record's origin; `_judged_at` timestamp;
        `_definition`, `_needed`, `_contract` (the contracts with their versions, NULL without contracts) and `_run_id` string;
        `_failures` and `_valid` (see `quality.annotate`); `_raw`, the record as JSON, for invalid rows only.

    Raises:
        ColumnTypeError: The function makes a column otherwise than the contract of the entity promises.
    """
    from pyspark.sql import functions as F

    judged = read_and_judge(entity, records(bronze, entity.source), needed, existing=existing)
    text = (F.col(f"{DELIVERED}.{quote_part(name)}").alias(name) for name in entity.source.columns)
    line = F.struct(*text, "_corrupt_record", "_extra")
    return (
        judged.withColumn(RAW, F.when(~F.col(VALID), F.to_json(line)))
        .withColumn(JUDGED_AT, F.lit(judged_at))
        .withColumn(DEFINITION, F.lit(digest))
        .withColumn(NEEDED, F.lit(versions))
        .withColumn(CONTRACT, F.lit(", ".join(entity.contracts) or None).cast("string"))
        .withColumn(RUN, F.lit(run_id))
        .select(*entity.columns, *ORIGIN, JUDGED_AT, NEEDED, CONTRACT, RUN, FAILURES, RAW, VALID)
    )


def needed_versions(spark: SparkSession, context: Context, entity: Entity) -> str:
    """Return the versions of the tables that an entity needs or refers to, e.g. `customers@3, planes@0`; empty if it needs none.

    Read them before the tables: a table that changes in between is then seen as changed.
    """
    versions = {name: data_version(spark, context.table("silver", name)) for name in entity.required}
    return ", ".join(f"{name}@{version}" for name, version in versions.items())


def silver_rows(checked: DataFrame, entity: Entity) -> DataFrame:
    """Return the last valid version of each key.

    Args:
        checked: Rows of the checked table; several may share a key.
        entity: The entity.

    Returns:
        Grain and key: the entity's keys; its columns and `ORIGIN`. The last version is the one that was ingested last; in one
        ingestion, the last by file name, then by line.
    """
    from pyspark.sql import Window
    from pyspark.sql import functions as F

    newest = Window.partitionBy(*entity.keys).orderBy(*(F.col(name).desc() for name in VERSION))
    ranked = checked.where(VALID).withColumn("_rank", F.row_number().over(newest))
    return ranked.where("_rank = 1").select(*entity.columns, *ORIGIN)


def prepare_tables(
    spark: SparkSession, tables: EntityTables, entity: Entity, judged: StructType, *, add_missing: bool
) -> bool:
    """Create an entity's tables and its view if they do not exist; a table that has every column stays unchanged.

    Args:
        spark: A session that may create and change them.
        tables: Their names.
        entity: The entity.
        judged: The schema of the result of `judge`.
        add_missing: Add columns that the declaration has and an existing table lacks.

    Returns:
        Whether the checked table did not exist.

    Raises:
        ColumnTypeError: A column has another type in the table; only with `add_missing`.
    """
    comment = entity.promises.comment if entity.promises else entity.source.comment
    if entity.promises:
        judged = entity.promises.describe(judged)
    kept = type(judged)([field for field in judged.fields if field.name in (*entity.columns, *ORIGIN)])
    silver, checked = columns_of(spark, tables.silver), columns_of(spark, tables.checked)
    if silver is None:
        ensure_table(spark, tables.silver, kept, comment=comment)
    elif add_missing:
        _add_missing(spark, tables.silver, silver, kept.fields)
        if entity.promises:
            entity.promises.describe_again(spark, tables.silver, silver)
    if entity.promises and entity.promises.protection:
        entity.promises.protection.set(spark, tables.silver, kept, comment=comment)
    if checked is None:
        ensure_table(
            spark,
            tables.checked,
            judged,
            comment=f"{comment}, judged",
            partitioned_by=[VALID],
            properties=_ISOLATED,
        )
    elif add_missing:
        _add_missing(spark, tables.checked, checked, judged.fields)
    renew_quarantine(spark, tables)
    return checked is None


def renew_quarantine(spark: SparkSession, tables: EntityTables) -> None:
    """Create the view of the invalid rows, or give it the columns that the checked table has now."""
    query = f"SELECT * FROM {tables.checked} WHERE NOT {VALID}"  # noqa: S608 - a name from the configuration, checked there
    ensure_view(spark, tables.quarantine, query)


def in_columns_of(df: DataFrame, table: DataFrame) -> DataFrame:
    """Return `df` in the columns of a table; columns that it lacks are NULL."""
    from pyspark.sql import functions as F

    there = set(df.columns)
    return df.select(
        *(
            F.col(field.name) if field.name in there else F.lit(None).cast(field.dataType).alias(field.name)
            for field in table.schema.fields
        )
    )


def _add_missing(
    spark: SparkSession, table: str, there: Sequence[StructField], wanted: Sequence[StructField]
) -> None:
    types = {field.name: field.dataType.simpleString() for field in there}
    for field in wanted:
        kind, own = types.get(field.name), field.dataType.simpleString()
        if kind not in (None, own):
            raise ColumnTypeError(
                f"{table}: `{field.name}` is {kind} in the table and {own} in the code",
                location=table,
                fix="rebuild the table from bronze: run the transformation with mode=rebuild and without since\n"
                "(Medallion.rebuild())",
            )
    add_columns(spark, table, [field for field in wanted if field.name not in types])
