"""Load files from the landing volume into bronze: all new files of a source in one commit, and each file once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from databricks_utils.catalog.history import last_write
from databricks_utils.catalog.tables import append_once, delete_rows
from databricks_utils.context import Context
from databricks_utils.medallion.bronze.records import ensure_bronze, read_drops
from databricks_utils.medallion.declaring.declarations import Source
from databricks_utils.medallion.errors import BronzeMismatchError, LandingError, LandingProblemsError
from databricks_utils.medallion.landing.inspection import Drop, Inspection, find_drops, inspect, nothing_yet
from databricks_utils.medallion.moments import as_micros, as_moment

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


@dataclass(frozen=True)
class Ingested:
    """What one ingestion did for a source.

    Attributes:
        source: Its name.
        files: Number of new files.
        records: Records in them.
        known: Number of files that were loaded by earlier ingestions.
        unknown_columns: Columns of the new files that the source does not declare; they are kept in `_extra`.
        table: The bronze table.
        advice: What to do if no file was ever delivered; empty if one was.
    """

    source: str
    files: int
    records: int
    known: int
    unknown_columns: tuple[str, ...]
    table: str
    advice: str = ""


@dataclass(frozen=True)
class Delivery:
    """The new files of a source at the time when its folder and its bronze table were read.

    Attributes:
        source: The source.
        table: Its bronze table.
        new: The files that bronze does not hold yet.
        known: Number of other files in the folder.
        newest: The newest ingestion in bronze, also if its rows were deleted; in microseconds since 1970, 0 if there is none.
        advice: See `Ingested.advice`.
    """

    source: Source
    table: str
    new: tuple[Inspection, ...]
    known: int
    newest: int
    advice: str = ""


def ingest(
    spark: SparkSession, context: Context, sources: Sequence[Source], *, now: datetime | None = None
) -> list[Ingested]:
    """Load every new file of some sources; see `Medallion.ingest`."""
    deliveries, problems = [], list[LandingError]()
    for source in sources:
        ensure_bronze(spark, context.table("bronze", source.name), source)
        try:
            deliveries.append(find_delivery(spark, context, source))
        except LandingProblemsError as several:
            problems.extend(several.problems)
        except LandingError as problem:
            problems.append(problem)
    _raise(problems)
    if not deliveries:
        return []
    moment = now or datetime.now(UTC)
    # In parallel: with small files most of the time is spent waiting for commits.
    with ThreadPoolExecutor(max_workers=len(deliveries)) as pool:
        loads = [pool.submit(load, spark, delivery, now=moment) for delivery in deliveries]
        return [result.result() for result in loads]


def find_delivery(spark: SparkSession, context: Context, source: Source) -> Delivery:
    """Read the landing folder and bronze, and inspect the files that are new.

    Raises:
        LandingError: The folder or a file is unusable.
    """
    from pyspark.sql import functions as F

    folder = context.landing / source.path
    drops = find_drops(context.landing, folder)
    name = context.table("bronze", source.name)
    written = last_write(spark, name)
    loads = (
        spark.table(name)
        .groupBy("_source_file", "_file_sha256")
        .agg(F.max(F.unix_micros("_ingested_at")).alias("at"))
    )
    history = sorted(loads.collect(), key=lambda row: int(row["at"]))
    known = {row["_file_sha256"] for row in history}
    current = {row["_source_file"]: row["_file_sha256"] for row in history}
    wanted = [drop for drop in drops if drop.sha256 not in known or _goes_back(drop, current)]
    new = _each_content_once(wanted)
    newest = max(int(history[-1]["at"]) if history else 0, written)
    advice = "" if drops or history else nothing_yet(folder)
    return Delivery(source, name, _inspect_all(new, source), len(drops) - len(new), newest, advice)


def load(spark: SparkSession, delivery: Delivery, *, now: datetime) -> Ingested:
    """Append the new files of one source to bronze, and check that bronze contains every record of them.

    Raises:
        BronzeMismatchError: Bronze lacks some of them.
    """
    source, filled = delivery.source, [file for file in delivery.new if file.records]
    if filled:
        # Later than any ingestion so far, even if a machine's clock went back.
        version = max(as_micros(now), delivery.newest + 1)
        rows = read_drops(spark, source, filled, ingested_at=as_moment(version))
        append_once(rows, delivery.table, state=delivery.newest)
        _verify(spark, delivery.table, filled, after=delivery.newest, own=version)
    unknown = {name for file in filled for name in file.header} - set(source.columns)
    records = sum(file.records for file in filled)
    return Ingested(
        source.name,
        len(delivery.new),
        records,
        delivery.known,
        tuple(sorted(unknown)),
        delivery.table,
        delivery.advice,
    )


def _raise(problems: Sequence[LandingError]) -> None:
    if len(problems) == 1:
        raise problems[0]
    if problems:
        raise LandingProblemsError(problems)


def _goes_back(drop: Drop, current: Mapping[str, str]) -> bool:
    """Return whether a file has an earlier content again, after a different one; that counts as a new version."""
    return current.get(drop.path.name, drop.sha256) != drop.sha256


def _each_content_once(drops: Sequence[Drop]) -> list[Drop]:
    """Return the first drop of each content."""
    first: dict[str, Drop] = {}
    for drop in drops:
        first.setdefault(drop.sha256, drop)
    return list(first.values())


def _inspect_all(drops: Sequence[Drop], source: Source) -> tuple[Inspection, ...]:
    inspections, problems = [], list[LandingError]()
    for drop in drops:
        try:
            inspections.append(inspect(drop, source))
        except LandingError as problem:
            problems.append(problem)
    if problems:
        raise LandingProblemsError(problems)
    return tuple(inspections)


def _verify(spark: SparkSession, table: str, loaded: Sequence[Inspection], *, after: int, own: int) -> None:
    """Check that bronze has as many rows of each loaded file as the file has records.

    Rows of this ingestion that do not fit are deleted, so that the next ingestion loads their files again.

    Args:
        spark: A session that may change the table.
        table: The bronze table.
        loaded: The files.
        after: Rows that were ingested after this moment are counted; in microseconds since 1970.
        own: The moment of this ingestion, in microseconds since 1970.
    """
    from pyspark.sql import functions as F

    rows = spark.table(table).where(F.unix_micros("_ingested_at") > after)
    loads = rows.groupBy("_file_sha256", F.unix_micros("_ingested_at").alias("at")).agg(
        F.count("*").alias("rows")
    )
    found = {
        row["_file_sha256"]: int(row["rows"])
        for row in sorted(loads.collect(), key=lambda row: int(row["at"]))
    }
    wrong = [file for file in loaded if found.get(file.drop.sha256, 0) != file.records]
    if not wrong:
        return
    hashes = ", ".join(f"'{file.drop.sha256}'" for file in wrong)
    rejected = f"unix_micros(_ingested_at) = {own} AND _file_sha256 IN ({hashes})"
    delete_rows(spark, table, rejected)
    raise BronzeMismatchError(
        f"{table} lacks records of {len(wrong)} of the new files",
        detail="\n".join(
            f"{file.drop.path.name}: {file.records} records, {found.get(file.drop.sha256, 0)} rows"
            for file in wrong
        ),
        location=table,
        fix="run the ingestion again: it loads these files again. They changed while they were read, or another ingestion\n"
        "wrote at the same moment. Upload files under a hidden name and rename them when they are complete",
    )
