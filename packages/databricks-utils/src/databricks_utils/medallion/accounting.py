"""Count the records of an entity from its landing files to silver; the numbers must add up after each transformation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import reduce
from typing import TYPE_CHECKING

from databricks_utils.context import Context
from databricks_utils.medallion.bronze.deliveries import Deliveries
from databricks_utils.medallion.bronze.landed import Landed, count_landed
from databricks_utils.medallion.bronze.register import TABLE
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
        landed: Records in the landing files: of those that were loaded, and of those that the ingestions left out.
        bronze: Rows of bronze.
        silver: Rows of silver.
        updated: Valid records that a later record of the same key, with other content, has replaced.
        quarantined: Invalid records.
        duplicates: Valid records with the same key and content as another one.
        superseded: Records of deliveries that a later delivery of the same file has replaced.
        files: What was delivered, and the landing files that bronze does not hold.
    """

    source: str
    landed: int
    bronze: int
    silver: int
    updated: int
    quarantined: int
    duplicates: int
    superseded: int = 0
    files: Landed = field(default_factory=Landed)

    def counts(self) -> dict[str, int]:
        """Return the numbers by name, as the record of a run shows them."""
        return {
            item.name: getattr(self, item.name)
            for item in fields(self)
            if item.name not in {"source", "files"}
        }

    @property
    def advice(self) -> str:
        """The files that arrived after the last ingestion and wait for the next one; empty if there are none."""
        waiting = ", ".join(self.files.waiting)
        return (
            f"{self.source}: arrived after the last ingestion, to be loaded by the next one: {waiting}"
            if waiting
            else ""
        )

    def balance(self) -> None:
        """Check that every landing file was loaded, and that no record was lost or duplicated.

        Raises:
            AccountingError: A landing file was never loaded, bronze lacks records of a file, `landed` is not `bronze`, or
                `bronze` is not the sum of the numbers that follow it.
        """
        self.files.check(self.source)
        accounted = self.silver + self.updated + self.quarantined + self.duplicates + self.superseded
        if self.landed == self.bronze == accounted:
            return
        raise AccountingError(
            f"accounting: the records of {self.source} do not add up",
            detail=f"{self.landed:,} landed, {self.bronze:,} in bronze; {self.silver:,} silver + {self.updated:,} updated "
            f"+ {self.quarantined:,} quarantined + {self.duplicates:,} duplicates + {self.superseded:,} superseded "
            f"= {accounted:,}",
            location=self.source,
            fix="run the transformation again; if the numbers stay, run it with mode=rebuild (Medallion.rebuild());\n"
            f"if they still stay, the function that types `{self.source}` drops or duplicates records",
        )


def account(
    spark: SparkSession,
    context: Context,
    entities: Sequence[Entity],
    deliveries: Mapping[str, Deliveries],
) -> list[Account]:
    """Count the records of every entity in every layer, in one query.

    Args:
        spark: A session that may read silver.
        context: The environment.
        entities: The entities.
        deliveries: Name of a source → what was loaded of it: as it was when silver was made from it, or as it is now.
    """
    if not entities:
        return []
    sources = tuple(dict.fromkeys(entity.source for entity in entities))
    listed = max((item.listed or 0 for found in deliveries.values() for item in found.every), default=0)
    register = context.table("ops", TABLE)
    landed = {
        source.name: count_landed(
            source, context.landing / source.path, deliveries[source.name], listed, register
        )
        for source in sources
    }
    totals = _totals(spark, context, entities)
    return [
        _account(entity, landed[entity.source.name], totals[entity.name])
        for entity in sorted(entities, key=lambda entity: entity.name)
    ]


def _account(entity: Entity, landed: Landed, total: Mapping[str, int]) -> Account:
    return Account(
        *(entity.name, landed.records, landed.bronze, total["silver"], total["updated"]),
        *(total["quarantined"], total["duplicates"], landed.superseded, landed),
    )


def _totals(spark: SparkSession, context: Context, entities: Sequence[Entity]) -> dict[str, Counter[str]]:
    counts = reduce(
        lambda one, other: one.unionByName(other, allowMissingColumns=True),
        (counted for entity in entities for counted in _counts(spark, context, entity)),
    )
    totals = {entity.name: Counter[str]() for entity in entities}
    for row in counts.collect():
        values = row.asDict()
        totals[values.pop("source")].update({name: value or 0 for name, value in values.items()})
    return totals


def _counts(spark: SparkSession, context: Context, entity: Entity) -> Iterator[DataFrame]:
    """Yield one row for each of an entity's tables of silver: some of the columns of `Account`."""
    from pyspark.sql import functions as F

    tables = EntityTables.of(context, entity)
    source = F.lit(entity.name).alias("source")
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
