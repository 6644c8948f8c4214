"""From the landing volume into bronze: all new files of a source in one commit, each file once, whatever crashes."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from flights.context import Context
from flights.ingestion.errors import BronzeMismatchError, IngestionError, LandingProblems
from flights.ingestion.landing import Drop, Inspection, find_drops, inspect
from flights.ingestion.sources import SOURCES, Source
from flights.transformations.bronze.records import bronze_schema, read_drops
from flights.transformations.tables import append_once, ensure_table, table_version

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Loaded:
    """What one ingestion did for a source.

    Attributes:
        source: Its name.
        files: Number of new files.
        records: Records in them.
        known: Number of files that had been loaded before.
        unknown_columns: Columns of the new files that bronze has no column for; they are kept in `_extra`.
    """

    source: str
    files: int
    records: int
    known: int
    unknown_columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Delivery:
    source: Source
    new: tuple[Inspection, ...]
    known: int
    newest: int | None
    seen: int


def ingest(spark: SparkSession, context: Context, *, now: datetime | None = None) -> list[Loaded]:
    """Load every new drop of every source; a drop that was loaded before adds nothing.

    All new files are looked at before the first is loaded: one bad file stops the ingestion while nothing is written.

    Args:
        spark: A session that may write bronze.
        context: The environment.
        now: The time of this ingestion; the clock's by default.

    Raises:
        IngestionError: A folder or a file is unusable; several problems are raised together.
    """
    deliveries, problems = [], []
    for source in SOURCES:
        ensure_table(
            spark,
            context.table("bronze", source.name),
            bronze_schema(source),
            comment=f"{source.comment}, as delivered",
        )
        try:
            deliveries.append(_look_at(spark, context, source))
        except IngestionError as problem:
            problems.extend(problem.problems if isinstance(problem, LandingProblems) else (problem,))
    if len(problems) == 1:
        raise problems[0]
    if problems:
        raise LandingProblems(problems)
    moment = now or datetime.now(UTC)
    # Side by side: with small files most of the time is waiting for one commit after the other.
    with ThreadPoolExecutor(max_workers=len(deliveries)) as pool:
        loads = [pool.submit(_load, spark, context, delivery, moment) for delivery in deliveries]
        return [load.result() for load in loads]


def _look_at(spark: SparkSession, context: Context, source: Source) -> _Delivery:
    drops = find_drops(Path(context.landing) / source.name)
    seen = table_version(spark, context.table("bronze", source.name))
    table = spark.table(context.table("bronze", source.name))
    loads = table.groupBy("_source_file", "_file_sha256").agg(F.max(F.unix_micros("_ingested_at")).alias("at"))
    history = sorted(loads.collect(), key=lambda row: row["at"])
    known = {row["_file_sha256"] for row in history}
    current = {row["_source_file"]: row["_file_sha256"] for row in history}
    wanted = [drop for drop in drops if drop.sha256 not in known or _goes_back(drop, current)]
    new = list({drop.sha256: drop for drop in reversed(wanted)}.values())[::-1]  # each content once, by its first name
    newest = history[-1]["at"] if history else None
    return _Delivery(source, _inspect_all(new, source), len(drops) - len(new), newest, seen)


def _goes_back(drop: Drop, current: Mapping[str, str]) -> bool:
    """Tell whether a file has an earlier content again, after another one: that is a version like any other."""
    return current.get(drop.path.name, drop.sha256) != drop.sha256


def _inspect_all(drops: list[Drop], source: Source) -> tuple[Inspection, ...]:
    inspections, problems = [], []
    for drop in drops:
        try:
            inspections.append(inspect(drop, source))
        except IngestionError as problem:
            problems.append(problem)
    if problems:
        raise LandingProblems(problems)
    return tuple(inspections)


def _load(spark: SparkSession, context: Context, delivery: _Delivery, now: datetime) -> Loaded:
    source, filled = delivery.source, [drop for drop in delivery.new if drop.records]
    if filled:
        # Later than any ingestion so far, even if a machine's clock went back.
        version = max(_micros(now), (delivery.newest or 0) + 1)
        rows = read_drops(spark, source, filled, ingested_at=_EPOCH + timedelta(microseconds=version))
        append_once(rows, context.table("bronze", source.name), seen=delivery.seen)
        _verify(spark, context.table("bronze", source.name), filled, after=delivery.newest or 0)
    unknown = {name for drop in filled for name in drop.header} - set(source.columns)
    records = sum(drop.records for drop in filled)
    return Loaded(source.name, len(delivery.new), records, delivery.known, tuple(sorted(unknown)))


def _verify(spark: SparkSession, table: str, loaded: list[Inspection], *, after: int) -> None:
    """Count what arrived after a moment, in microseconds since 1970: every file with as many rows as it has records."""
    rows = spark.table(table).where(F.unix_micros("_ingested_at") > after)
    loads = rows.groupBy("_file_sha256", "_ingested_at").count().collect()
    found = {row["_file_sha256"]: row["count"] for row in sorted(loads, key=lambda row: row["_ingested_at"])}
    wrong = [inspection for inspection in loaded if found.get(inspection.drop.sha256, 0) != inspection.records]
    if wrong:
        raise BronzeMismatchError(
            f"{table} does not hold what {len(wrong)} of the new files have",
            detail="\n".join(
                f"{inspection.drop.path.name}: {inspection.records} records, {found.get(inspection.drop.sha256, 0)} rows"
                for inspection in wrong
            ),
            location=table,
            fix="another ingestion wrote at the same moment: run the ingestion again, it adds what is missing; "
            "if it says the same again, compare the file with its rows by `_file_sha256`",
        )


def _micros(moment: datetime) -> int:
    """Return the microseconds since 1970, exactly."""
    return (moment - _EPOCH) // timedelta(microseconds=1)
