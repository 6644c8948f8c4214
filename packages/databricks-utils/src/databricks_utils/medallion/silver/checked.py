"""The state of a checked table: its newest records, its definitions, and the records that are not accepted yet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from databricks_utils.medallion.bronze.deliveries import Replaced
from databricks_utils.medallion.silver.judging import DEFINITION, JUDGED_AT, NEEDED
from databricks_utils.medallion.silver.progress import Progress
from databricks_utils.quality import VALID

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession


@dataclass(frozen=True)
class Pending:
    """The records of one delivered file that are not accepted yet.

    Attributes:
        file: The file's name.
        ingested: When it was loaded, in microseconds since 1970.
        rows: Number of records.
        invalid: Number of invalid records.
    """

    file: str
    ingested: int
    rows: int
    invalid: int


@dataclass(frozen=True)
class Status:
    """The state of a checked table; moments are in microseconds since 1970, 0 if there is none.

    Attributes:
        ingested: The newest ingestion among its records.
        judged: The newest judgement.
        unmerged: The first judgement among the records that are not merged yet; None if there are none.
        quarantined: Number of invalid records.
        outdated: Number of records that another definition than today's judged.
        definitions: Hashes of those other definitions.
        waiting: Number of invalid records that another definition judged, or that were judged with other versions of the
            needed tables.
        pending: The files whose records are not accepted yet.
        stale: Number of records of deliveries that a later delivery of the same file has replaced.
    """

    ingested: int = 0
    judged: int = 0
    unmerged: int | None = None
    quarantined: int = 0
    outdated: int = 0
    definitions: tuple[str, ...] = ()
    waiting: int = 0
    pending: tuple[Pending, ...] = ()
    stale: int = 0

    @classmethod
    def of(cls, groups: Iterable[Mapping[str, Any]]) -> Status:
        """Return the state from the groups of rows that `read_status` counts: one for each pending file, one for all others."""
        found = list(groups)

        def total(name: str) -> int:
            return sum(int(group[name]) for group in found)

        def newest(name: str) -> int:
            return max((int(group[name] or 0) for group in found), default=0)

        return cls(
            ingested=newest("ingested"),
            judged=newest("judged"),
            unmerged=min(
                (group["unmerged"] for group in found if group["unmerged"] is not None), default=None
            ),
            quarantined=total("invalid"),
            outdated=total("outdated"),
            definitions=tuple(sorted({name for group in found for name in group["definitions"]})),
            waiting=total("waiting"),
            pending=tuple(
                Pending(group["file"], group["at"], group["rows"], group["invalid"])
                for group in found
                if group["at"] is not None
            ),
            stale=total("stale"),
        )

    def pending_until(self, until: int) -> tuple[int, int]:
        """Return the number of pending records, and of the invalid ones among them.

        Args:
            until: See `last_until`.
        """
        last = self.last_until(until)
        return sum(file.rows for file in last), sum(file.invalid for file in last)

    def last_until(self, until: int) -> tuple[Pending, ...]:
        """Return the pending files.

        Of a file that was delivered several times only the last delivery counts, so that a good file replaces a bad one.

        Args:
            until: Deliveries ingested until this moment count, in microseconds since 1970.
        """
        ordered = sorted(self.pending, key=lambda file: file.ingested)
        return tuple({file.file: file for file in ordered if file.ingested <= until}.values())


def read_status(  # noqa: PLR0913 - the table, and what its rows are compared with
    spark: SparkSession, table: str, *, digest: str, versions: str, progress: Progress, replaced: Replaced
) -> Status:
    """Read a checked table's state in one query.

    Args:
        spark: A session that may read the table.
        table: Its name.
        digest: Hash of today's definition.
        versions: Today's versions of the needed tables; empty if nothing is needed.
        progress: Records of deliveries after `ingested_until` are pending; those that were judged after `judged_until` are unmerged.
        replaced: The files that were delivered again since.
    """
    from pyspark.sql import functions as F

    other, invalid = ~F.col(DEFINITION).eqNullSafe(digest), ~F.col(VALID)
    moved = ~F.col(NEEDED).eqNullSafe(versions) if versions else F.lit(False)  # noqa: FBT003 - a literal of SQL
    ingested = F.unix_micros("_ingested_at")
    judged = F.unix_micros(JUDGED_AT)
    is_pending = ingested > progress.ingested_until
    groups = (
        spark.table(table)
        .groupBy(
            F.when(is_pending, F.col("_source_file")).alias("file"), F.when(is_pending, ingested).alias("at")
        )
        .agg(
            F.max(ingested).alias("ingested"),
            F.max(judged).alias("judged"),
            F.min(F.when(judged > progress.judged_until, judged)).alias("unmerged"),
            F.count("*").alias("rows"),
            F.count_if(invalid).alias("invalid"),
            F.count_if(other).alias("outdated"),
            F.collect_set(F.when(other, F.coalesce(DEFINITION, F.lit("")))).alias("definitions"),
            F.count_if(invalid & (other | moved)).alias("waiting"),
            F.count_if(F.expr(replaced.condition())).alias("stale"),
        )
    )
    return Status.of(row.asDict() for row in groups.collect())


def newest_moment(table: DataFrame, column: str) -> int:
    """Return the newest moment in a timestamp column, in microseconds since 1970; 0 where there is none."""
    from pyspark.sql import functions as F

    return int(table.agg(F.max(F.unix_micros(column)).alias("at")).collect()[0]["at"] or 0)


def between(df: DataFrame, column: str, first: int | None, last: int) -> DataFrame:
    """Return the rows from one moment to another one; later rows wait for the next transformation.

    Of a file's timestamps Delta knows only the milliseconds. So begin with a moment that the wanted rows have, not with one of earlier
    rows: their files would be read too.

    Args:
        df: Any rows.
        column: A timestamp column.
        first: The first moment, in microseconds since 1970; None: no row.
        last: The last moment, in microseconds since 1970.

    Source: "Per-file Statistics" of https://github.com/delta-io/delta/blob/master/PROTOCOL.md, and the class `DataSkippingReader` of
    Delta 4.4, which adds a millisecond to the maximum of a file.
    """
    from pyspark.sql import functions as F

    if first is None:
        return df.limit(0)
    since, until = (F.timestamp_micros(F.lit(moment)) for moment in (first, last))
    return df.where((F.col(column) >= since) & (F.col(column) <= until))
