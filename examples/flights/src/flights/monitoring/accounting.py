"""Where has every record gone: the numbers that must add up after each transformation."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from databricks_utils.errors import DatabricksUtilsError
from databricks_utils.quality import VALID
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from flights.context import Context
from flights.transformations.silver.entities import ENTITIES, Entity
from flights.transformations.silver.load import checked_table


class AccountingError(DatabricksUtilsError, ValueError):
    """Raised when a record was lost or doubled between two layers."""


@dataclass(frozen=True)
class SourceAccounting:
    """The records of one source since the beginning.

    Attributes:
        source: Its name.
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
        gone = self.silver + self.updated + self.quarantined + self.duplicates
        if self.landed == self.bronze == gone:
            return
        raise AccountingError(
            f"accounting: the records of {self.source} do not add up",
            detail=f"{self.landed:,} landed, {self.bronze:,} in bronze; {self.silver:,} silver + {self.updated:,} updated "
            f"+ {self.quarantined:,} quarantined + {self.duplicates:,} duplicates = {gone:,}",
            location=self.source,
            fix="run the transformation again; if it stays, look for a drop whose rows in bronze are not `_file_records`",
        )


def account(spark: SparkSession, context: Context) -> list[SourceAccounting]:
    """Count the records of every source in every layer."""
    counts = [_counts(spark, context, entity) for entity in ENTITIES]
    rows = counts[0]
    for other in counts[1:]:
        rows = rows.unionByName(other)
    return sorted((SourceAccounting(**row.asDict()) for row in rows.collect()), key=lambda item: item.source)


def balance(accounts: Sequence[SourceAccounting]) -> None:
    """Check every source; see `SourceAccounting.balance`."""
    for item in accounts:
        item.balance()


def as_text(accounts: Sequence[SourceAccounting]) -> str:
    """Return the numbers as a table for people."""
    names = list(asdict(accounts[0]))
    lines = ["".join(f"{name:>13}" for name in names)]
    lines += [
        "".join(f"{value:>13,}" if isinstance(value, int) else f"{value:>13}" for value in asdict(a).values())
        for a in accounts
    ]
    return "\n".join(lines)


def _counts(spark: SparkSession, context: Context, entity: Entity) -> DataFrame:
    name = entity.source.name
    files = (
        spark.table(context.table("bronze", name))
        .groupBy("_file_sha256", "_ingested_at")
        .agg(F.max("_file_records").alias("landed"), F.count("*").alias("bronze"))
    )
    bronze = files.agg(*(F.coalesce(F.sum(c), F.lit(0)).alias(c) for c in ("landed", "bronze")))
    silver = spark.table(context.table("silver", name)).agg(F.count("*").alias("silver"))
    checked = spark.table(checked_table(context, entity))
    quarantined = checked.where(~F.col(VALID)).agg(F.count("*").alias("quarantined"))
    return (
        bronze.crossJoin(silver)
        .crossJoin(quarantined)
        .crossJoin(_replaced(checked.where(VALID), entity))
        .select(F.lit(name).alias("source"), "landed", "bronze", "silver", "updated", "quarantined", "duplicates")
    )


def _replaced(valid: DataFrame, entity: Entity) -> DataFrame:
    """Count records that are not in silver because another one of their key is: repeated, or replaced by an update."""
    content = F.xxhash64(*entity.columns)
    keyed = valid.groupBy(*entity.keys).agg(F.count("*").alias("rows"), F.count_distinct(content).alias("versions"))
    return keyed.where("rows > 1").agg(
        F.coalesce(F.sum(F.col("versions") - 1), F.lit(0)).alias("updated"),
        F.coalesce(F.sum(F.col("rows") - F.col("versions")), F.lit(0)).alias("duplicates"),
    )
