"""Append new files to bronze, all of a source in one commit, and check in one query that bronze holds every record of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from functools import reduce
from typing import TYPE_CHECKING

from databricks_utils.catalog.tables import append_once, delete_rows
from databricks_utils.medallion.bronze.deliveries import Delivery
from databricks_utils.medallion.bronze.finding import Found
from databricks_utils.medallion.bronze.records import read_drops
from databricks_utils.medallion.errors import BronzeMismatchError
from databricks_utils.medallion.landing.inspection import Drop, Inspection
from databricks_utils.moments import as_micros, as_moment

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

# A file's name and hash → its rows in bronze, and the moment of its ingestion.
_Counts = Mapping[tuple[str, str], tuple[int, int]]


@dataclass(frozen=True)
class Load:
    """The files of one source that an ingestion loads.

    Attributes:
        found: What its landing folder held.
        moment: The moment of the ingestion, in microseconds since 1970.
    """

    found: Found
    moment: int

    @classmethod
    def of(cls, found: Found, *, now: datetime) -> Load:
        """Return the load of what was found, later than any ingestion so far, even if a machine's clock went back."""
        return cls(found, max(as_micros(now), found.newest + 1))

    @property
    def filled(self) -> list[Inspection]:
        """The new files that have records."""
        return [file for file in self.found.new if file.records]


@dataclass(frozen=True)
class Loaded:
    """The deliveries of a finished load, for `ops.deliveries`.

    Attributes:
        load: The load.
        new: The deliveries of new files.
        adopted: Loads that bronze holds and that had no row there.
        refreshed: Known files that had to be read again, because their times proved nothing.
    """

    load: Load
    new: tuple[Delivery, ...]
    adopted: tuple[Delivery, ...]
    refreshed: tuple[Delivery, ...]


class RefusedLoadError(BronzeMismatchError):
    """Raised when Delta refused a load: another one was first, or the rows of a later one were deleted."""


def append_all(spark: SparkSession, loads: Sequence[Load]) -> dict[str, BaseException]:
    """Append the files of several loads to bronze, one commit for each source.

    Returns:
        Name of a source → why its files could not be appended.
    """
    waiting = [load for load in loads if load.filled]
    if not waiting:
        return {}
    # In parallel: with small files most of the time is spent waiting for commits.
    with ThreadPoolExecutor(max_workers=len(waiting)) as pool:
        running = {load.found.source.name: pool.submit(_append, spark, load) for load in waiting}
    return {name: error for name, done in running.items() if (error := done.exception())}


def _append(spark: SparkSession, load: Load) -> None:
    rows = read_drops(spark, load.found.source, load.filled, ingested_at=as_moment(load.moment))
    append_once(rows, load.found.table, state=load.found.newest)


def count_loaded(spark: SparkSession, loads: Sequence[Load]) -> dict[str, _Counts]:
    """Count the rows of bronze that came since the loads looked, in one query.

    Args:
        spark: A session that may read bronze.
        loads: Loads that were appended.

    Returns:
        Name of a source → the rows of each file, and the moment of its ingestion.
    """
    from pyspark.sql import functions as F

    def rows_of(load: Load) -> DataFrame:
        new = F.col("_ingested_at") > F.timestamp_micros(F.lit(load.found.newest))
        moment = F.unix_micros("_ingested_at").alias("at")
        files = spark.table(load.found.table).where(new).groupBy("_source_file", "_file_sha256", moment)
        counted = files.agg(F.count("*").alias("rows"))
        return counted.withColumn("source", F.lit(load.found.source.name))

    waiting = [load for load in loads if load.filled]
    found: dict[str, dict[tuple[str, str], tuple[int, int]]] = {load.found.source.name: {} for load in loads}
    if waiting:
        for row in sorted(
            reduce(lambda one, other: one.unionByName(other), map(rows_of, waiting)).collect(),
            key=lambda row: int(row["at"]),
        ):
            key = (row["_source_file"], row["_file_sha256"])
            found[row["source"]][key] = (int(row["rows"]), int(row["at"]))
    return dict(found)


def finish(spark: SparkSession, load: Load, counts: _Counts) -> Loaded:
    """Check that bronze has as many rows of each loaded file as the file has records, and return its deliveries.

    Rows of this load that do not fit are deleted, so that the next ingestion loads their files again.

    Args:
        spark: A session that may change the table.
        load: A load that was appended.
        counts: See `count_loaded`.

    Raises:
        BronzeMismatchError: Bronze lacks some records.
        RefusedLoadError: Bronze has no row of this load.
    """
    own = load.moment
    counted = {file: counts.get((file.drop.name, file.drop.sha256), (0, own)) for file in load.filled}
    wrong = [file for file in load.filled if counted[file][0] != file.records]
    if wrong:
        refused = own not in {at for rows, at in counts.values() if rows}
        if not refused:
            hashes = ", ".join(f"'{file.drop.sha256}'" for file in wrong)
            rejected = f"unix_micros(_ingested_at) = {own} AND _file_sha256 IN ({hashes})"
            delete_rows(spark, load.found.table, rejected)
        raise _mismatch(load, {file: counted[file][0] for file in wrong}, refused=refused)
    return _loaded(load, {file.drop.name: at for file, (_, at) in counted.items()})


def _mismatch(load: Load, wrong: Mapping[Inspection, int], *, refused: bool) -> BronzeMismatchError:
    kind = RefusedLoadError if refused else BronzeMismatchError
    return kind(
        f"{load.found.table} lacks records of {len(wrong)} of the new files",
        detail="\n".join(
            f"{file.drop.name}: {file.records} records, {rows} rows" for file, rows in wrong.items()
        ),
        location=load.found.table,
        fix="run the ingestion again: it loads these files again. They changed while they were read, or another ingestion\n"
        "wrote at the same moment. Upload files under a hidden name and rename them when they are complete",
    )


def _loaded(load: Load, moments: Mapping[str, int]) -> Loaded:
    found = load.found
    new = [
        *(
            _delivery(file.drop, moments.get(file.drop.name, load.moment), found, records=file.records)
            for file in found.new
        ),
        *(_delivery(drop, load.moment, found, repeats=name) for drop, name in found.repeated),
    ]
    again = [
        replace(item, size=drop.file.size, modified=drop.file.modified, listed=found.listed)
        for drop, item in found.known
        if not item.is_surely(drop.file)
    ]
    recorded = {item.file for _, item in found.known if item.is_recorded}
    adopted = {item.file: replace(item, listed=found.listed) for item in found.unrecorded}
    adopted |= {item.file: item for item in again if item.file not in recorded}
    refreshed = [item for item in again if item.file in recorded]
    return Loaded(load, tuple(new), tuple(adopted.values()), tuple(refreshed))


def _delivery(drop: Drop, ingested: int, found: Found, *, records: int = 0, repeats: str = "") -> Delivery:
    file = drop.file
    return Delivery(
        *(drop.name, drop.sha256, ingested, records, records, repeats),
        *(file.size, file.modified, found.listed),
    )
