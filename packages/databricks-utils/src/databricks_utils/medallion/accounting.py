"""Where every record went: the numbers that must add up after each transformation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING

from databricks_utils.context import Context
from databricks_utils.medallion.declarations import Entity
from databricks_utils.medallion.errors import AccountingError
from databricks_utils.medallion.silver import EntityTables
from databricks_utils.quality import VALID

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession


@dataclass(frozen=True)
class Account:
    """The records of one entity since the beginning.

    Attributes:
        source: The entity's name.
        landed: Records counted in the loaded files, before they were loaded.
        bronze: Rows of bronze.
        silver: Rows of silver.
        updated: Valid records that a later one of the same key, with other content, has replaced.
        quarantined: Invalid records.
        duplicates: Valid records that repeat another one.
    """

    source: str
    landed: int
    bronze: int
    silver: int
    updated: int
    quarantined: int
    duplicates: int

    def balance(self) -> None:
        """Check that nothing was lost or doubled.

        Raises:
            AccountingError: `landed` is not `bronze`, or `bronze` is not the sum of what became of it.
        """
        accounted = self.silver + self.updated + self.quarantined + self.duplicates
        if self.landed == self.bronze == accounted:
            return
        raise AccountingError(
            f"accounting: the records of {self.source} do not add up",
            detail=f"{self.landed:,} landed, {self.bronze:,} in bronze; {self.silver:,} silver + {self.updated:,} updated "
            f"+ {self.quarantined:,} quarantined + {self.duplicates:,} duplicates = {accounted:,}",
            location=self.source,
            fix="run the transformation again; if the numbers stay, run it with mode=rebuild (Medallion.rebuild())",
        )


def account(spark: SparkSession, context: Context, entities: Sequence[Entity]) -> list[Account]:
    """Count the records of every entity in every layer, in one query."""
    counts = reduce(
        lambda one, other: one.unionByName(other), (_counts(spark, context, entity) for entity in entities)
    )
    return sorted((Account(**row.asDict()) for row in counts.collect()), key=lambda item: item.source)


def _counts(spark: SparkSession, context: Context, entity: Entity) -> DataFrame:
    from pyspark.sql import functions as F  # noqa: N812

    tables = EntityTables.of(context, entity)
    files = (
        spark.table(tables.bronze)
        .groupBy("_file_sha256", "_ingested_at")
        .agg(F.max("_file_records").alias("landed"), F.count("*").alias("bronze"))
    )
    bronze = files.agg(*(F.coalesce(F.sum(c), F.lit(0)).alias(c) for c in ("landed", "bronze")))
    silver = spark.table(tables.silver).agg(F.count("*").alias("silver"))
    checked = spark.table(tables.checked)
    quarantined = checked.where(~F.col(VALID)).agg(F.count("*").alias("quarantined"))
    return (
        bronze.crossJoin(silver)
        .crossJoin(quarantined)
        .crossJoin(_replaced(checked.where(VALID), entity))
        .select(
            F.lit(entity.name).alias("source"),
            "landed",
            "bronze",
            "silver",
            "updated",
            "quarantined",
            "duplicates",
        )
    )


def _replaced(valid: DataFrame, entity: Entity) -> DataFrame:
    """Count records that are not in silver because another one of their key is: repeated, or replaced by an update."""
    from pyspark.sql import functions as F  # noqa: N812

    content = F.xxhash64(*entity.columns)
    keyed = valid.groupBy(*entity.keys).agg(
        F.count("*").alias("rows"), F.count_distinct(content).alias("versions")
    )
    return keyed.where("rows > 1").agg(
        F.coalesce(F.sum(F.col("versions") - 1), F.lit(0)).alias("updated"),
        F.coalesce(F.sum(F.col("rows") - F.col("versions")), F.lit(0)).alias("duplicates"),
    )
