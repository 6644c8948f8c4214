"""What a checked table holds: how far it came, under which definitions, and how many of the new records are invalid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from databricks_utils.medallion.silver.judging import DEFINITION, JUDGED_AT
from databricks_utils.quality import VALID

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession


@dataclass(frozen=True)
class Status:
    """A checked table as it is; moments in microseconds since 1970, 0 where there is none.

    Attributes:
        ingested: The newest ingestion among its records.
        judged: The newest judgement.
        quarantined: Invalid records.
        outdated: Records that another definition than today's judged.
        definitions: Hashes of those other definitions.
        waiting: Invalid records that another definition judged, or that were judged before a needed table's last rows.
    """

    ingested: int
    judged: int
    quarantined: int
    outdated: int
    definitions: tuple[str, ...]
    waiting: int


def read_status(spark: SparkSession, table: str, *, digest: str, needed_until: int) -> Status:
    """Read a checked table's state in one pass.

    Args:
        spark: A session.
        table: Its name.
        digest: Hash of today's definition.
        needed_until: When a needed table last got rows; in microseconds since 1970, 0 where nothing is needed.
    """
    from pyspark.sql import functions as F

    other, invalid = ~F.col(DEFINITION).eqNullSafe(digest), ~F.col(VALID)
    before = F.coalesce(F.unix_micros(JUDGED_AT), F.lit(0)) < needed_until
    row = (
        spark.table(table)
        .agg(
            F.max(F.unix_micros("_ingested_at")).alias("ingested"),
            F.max(F.unix_micros(JUDGED_AT)).alias("judged"),
            F.count_if(invalid).alias("quarantined"),
            F.count_if(other).alias("outdated"),
            F.collect_set(F.when(other, F.coalesce(DEFINITION, F.lit("")))).alias("definitions"),
            F.count_if(invalid & (other | before)).alias("waiting"),
        )
        .collect()[0]
        .asDict()
    )
    definitions = tuple(sorted(row.pop("definitions")))
    return Status(definitions=definitions, **{name: value or 0 for name, value in row.items()})


def newest_ingestion(table: DataFrame) -> int:
    """Return the newest ingestion among rows, in microseconds since 1970; 0 where there are none."""
    return newest_moment(table, "_ingested_at")


def newest_moment(table: DataFrame, column: str) -> int:
    """Return the newest moment in a timestamp column, in microseconds since 1970; 0 where there is none."""
    from pyspark.sql import functions as F

    return int(table.agg(F.max(F.unix_micros(column)).alias("at")).collect()[0]["at"] or 0)


def between(df: DataFrame, column: str, after: int, until: int) -> DataFrame:
    """Return rows after one moment, until another one included; rows that come in meanwhile wait.

    Args:
        df: Any rows.
        column: A timestamp of them.
        after: In microseconds since 1970.
        until: In microseconds since 1970.
    """
    from pyspark.sql import functions as F

    first, last = (F.timestamp_micros(F.lit(moment)) for moment in (after, until))
    return df.where((F.col(column) > first) & (F.col(column) <= last))


@dataclass(frozen=True)
class NewRecords:
    """The records of deliveries that are not accepted yet.

    Attributes:
        rows: How many.
        invalid: The invalid ones among them.
    """

    rows: int
    invalid: int


NOTHING = NewRecords(0, 0)


def count_new(checked: DataFrame, *, after: int, until: int) -> NewRecords:
    """Count the records of deliveries between two moments.

    Of a file that was delivered several times only the last delivery counts: a bad one that was delivered anew is past.

    Args:
        checked: Rows of a checked table.
        after: Deliveries ingested after this moment count; in microseconds since 1970.
        until: And those ingested until this one.
    """
    from pyspark.sql import functions as F

    deliveries = (
        between(checked, "_ingested_at", after, until)
        .groupBy("_source_file", F.unix_micros("_ingested_at").alias("at"))
        .agg(F.count("*").alias("rows"), F.count_if(~F.col(VALID)).alias("invalid"))
    )
    ordered = sorted(deliveries.collect(), key=lambda row: int(row["at"]))
    last = {row["_source_file"]: row for row in ordered}.values()
    return NewRecords(sum(row["rows"] for row in last), sum(row["invalid"] for row in last))
