"""Count the records of an entity in each layer; the numbers must add up after each transformation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from functools import reduce
from typing import TYPE_CHECKING

from databricks_utils.context import Context
from databricks_utils.medallion.declaring.declarations import Entity
from databricks_utils.medallion.errors import AccountingError
from databricks_utils.medallion.silver.judging import EntityTables
from databricks_utils.quality import VALID

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession


@dataclass(frozen=True)
class Account:
    """The numbers of records of one entity, from its first file to now.

    Attributes:
        source: The entity's name.
        landed: Records in the loaded files, counted before they were loaded.
        bronze: Rows of bronze.
        silver: Rows of silver.
        updated: Valid records that a later record of the same key, with other content, has replaced.
        quarantined: Invalid records.
        duplicates: Valid records with the same key and content as another one.
    """

    source: str
    landed: int
    bronze: int
    silver: int
    updated: int
    quarantined: int
    duplicates: int

    def balance(self) -> None:
        """Check that no record was lost or duplicated.

        Raises:
            AccountingError: `landed` is not `bronze`, or `bronze` is not the sum of the numbers that follow it.
        """
        accounted = self.silver + self.updated + self.quarantined + self.duplicates
        if self.landed == self.bronze == accounted:
            return
        raise AccountingError(
            f"accounting: the records of {self.source} do not add up",
            detail=f"{self.landed:,} landed, {self.bronze:,} in bronze; {self.silver:,} silver + {self.updated:,} updated "
            f"+ {self.quarantined:,} quarantined + {self.duplicates:,} duplicates = {accounted:,}",
            location=self.source,
            fix="run the transformation again; if the numbers stay, run it with mode=rebuild (Medallion.rebuild());\n"
            f"if they still stay, the function that types `{self.source}` drops or duplicates records",
        )


def account(spark: SparkSession, context: Context, entities: Sequence[Entity]) -> list[Account]:
    """Count the records of every entity in every layer, in one query."""
    if not entities:
        return []
    counts = reduce(
        lambda one, other: one.unionByName(other, allowMissingColumns=True),
        (counted for entity in entities for counted in _counts(spark, context, entity)),
    )
    totals = {entity.name: Counter[str]() for entity in entities}
    for row in counts.collect():
        values = row.asDict()
        totals[values.pop("source")].update({name: value or 0 for name, value in values.items()})
    names = [field.name for field in fields(Account) if field.name != "source"]
    return [
        Account(source, **{name: total[name] for name in names}) for source, total in sorted(totals.items())
    ]


def _counts(spark: SparkSession, context: Context, entity: Entity) -> Iterator[DataFrame]:
    """Yield one row for each of an entity's tables: some of the columns of `Account`."""
    from pyspark.sql import functions as F

    tables = EntityTables.of(context, entity)
    source = F.lit(entity.name).alias("source")
    files = (
        spark.table(tables.bronze)
        .groupBy("_file_sha256", "_ingested_at")
        .agg(F.max("_file_records").alias("landed"), F.count("*").alias("bronze"))
    )
    yield files.agg(F.sum("landed").alias("landed"), F.sum("bronze").alias("bronze")).select(source, "*")
    yield spark.table(tables.silver).agg(F.count("*").alias("silver")).select(source, "*")
    yield _judged(spark.table(tables.checked), entity).select(source, "*")


def _judged(checked: DataFrame, entity: Entity) -> DataFrame:
    """Count the invalid records, and the valid ones that are not in silver: repeated, or replaced by an update."""
    from pyspark.sql import functions as F

    valid = F.col(VALID)
    missing = [F.col(name).isNull() for name in entity.columns]  # the hash ignores NULL
    content = F.xxhash64(*entity.columns, *missing)
    keyed = checked.groupBy(*entity.keys).agg(
        F.count_if(valid).alias("rows"),
        F.count_distinct(F.when(valid, content)).alias("versions"),
        F.count_if(~valid).alias("invalid"),
    )
    return keyed.agg(
        F.sum("invalid").alias("quarantined"),
        F.sum(F.when(F.col("rows") > 0, F.col("versions") - 1)).alias("updated"),
        F.sum(F.col("rows") - F.col("versions")).alias("duplicates"),
    )
