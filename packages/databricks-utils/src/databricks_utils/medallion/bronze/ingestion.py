"""Load files from the landing volume into bronze: all new files of a source in one commit, and each file once."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from databricks_utils.catalog.history import last_write
from databricks_utils.catalog.tables import append_once, delete_rows
from databricks_utils.context import Context
from databricks_utils.medallion.bronze.comparison import Comparison, compare
from databricks_utils.medallion.bronze.deliveries import Deliveries, Delivery
from databricks_utils.medallion.bronze.records import ensure_bronze, read_drops
from databricks_utils.medallion.bronze.register import read_deliveries, record_deliveries
from databricks_utils.medallion.declaring.declarations import Source
from databricks_utils.medallion.errors import BronzeMismatchError, LandingError, LandingProblemsError
from databricks_utils.medallion.landing.files import list_files
from databricks_utils.medallion.landing.inspection import Drop, Inspection, inspect, nothing_yet
from databricks_utils.moments import as_micros, as_moment

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

    def again(self) -> Ingested:
        """Return the result of the same ingestion once more, when every file is known."""
        return replace(self, files=0, records=0, known=self.known + self.files, unknown_columns=())


@dataclass(frozen=True)
class Found:
    """What a source's landing folder holds, at the time when the folder and the bronze table were read.

    Attributes:
        source: The source.
        table: Its bronze table.
        new: The files to load.
        repeated: Files whose content was loaded under another name, and that name.
        known: The other files, each with its delivery.
        unrecorded: Loads that bronze holds and that `ops.deliveries` has no row for; their files may be gone.
        newest: The newest ingestion, also if its rows were deleted; in microseconds since 1970, 0 if there is none.
        listed: Just before the folders were listed, in microseconds since 1970.
        advice: See `Ingested.advice`.
    """

    source: Source
    table: str
    new: tuple[Inspection, ...]
    repeated: tuple[tuple[Drop, str], ...]
    known: tuple[tuple[Drop, Delivery], ...]
    unrecorded: tuple[Delivery, ...]
    newest: int
    listed: int
    advice: str = ""


@dataclass(frozen=True)
class Loaded:
    """A finished load.

    Attributes:
        ingested: Its result.
        new: The deliveries of new files, for `ops.deliveries`.
        adopted: Loads that bronze holds and that had no row there.
        refreshed: Known files that had to be read again, because their times proved nothing.
    """

    ingested: Ingested
    new: tuple[Delivery, ...]
    adopted: tuple[Delivery, ...]
    refreshed: tuple[Delivery, ...]


def ingest(
    spark: SparkSession, context: Context, sources: Sequence[Source], *, now: datetime | None = None
) -> list[Ingested]:
    """Load every new file of some sources; see `Medallion.ingest`."""
    for source in sources:
        ensure_bronze(spark, context.table("bronze", source.name), source)
    found = _find_all(spark, context, sources)
    if not found:
        return []
    moment = now or datetime.now(UTC)
    # In parallel: with small files most of the time is spent waiting for commits.
    with ThreadPoolExecutor(max_workers=len(found)) as pool:
        running = [pool.submit(load, spark, item, now=moment) for item in found]
    _record(spark, context, [done.result() for done in running if done.exception() is None])
    return [done.result().ingested for done in running]


def find_new_files(spark: SparkSession, context: Context, source: Source) -> Found:
    """Read the landing folder and the deliveries so far, and inspect the files that are new.

    Raises:
        LandingError: The folder or a file is unusable.
    """
    return _find_all(spark, context, [source])[0]


def _find_all(spark: SparkSession, context: Context, sources: Sequence[Source]) -> list[Found]:
    tables = {source.name: context.table("bronze", source.name) for source in sources}
    written = {name: last_write(spark, table) for name, table in tables.items()}
    deliveries = read_deliveries(spark, context, sources)
    # One moment for all folders: a file that was there at this moment is listed.
    listed, found, problems = as_micros(datetime.now(UTC)), [], list[LandingError]()
    for source in sources:
        so_far = deliveries[source.name]
        newest = max(so_far.newest, written[source.name])
        try:
            folder = context.landing / source.path
            files = list_files(context.landing, folder)
            compared = compare(files, so_far)
            item = _found(source, tables[source.name], so_far, compared, newest=newest, listed=listed)
            found.append(item if files or so_far.every else replace(item, advice=nothing_yet(folder)))
        except LandingProblemsError as several:
            problems.extend(several.problems)
        except LandingError as problem:
            problems.append(problem)
    _raise(problems)
    return found


def _found(  # noqa: PLR0913 - a source, its files, and two moments
    source: Source, table: str, so_far: Deliveries, files: Comparison, *, newest: int, listed: int
) -> Found:
    return Found(
        source=source,
        table=table,
        new=_inspect_all(files.new, source),
        repeated=files.repeated,
        known=files.known,
        unrecorded=tuple(item for item in so_far.current.values() if not item.is_recorded),
        newest=newest,
        listed=listed,
    )


def load(spark: SparkSession, found: Found, *, now: datetime) -> Loaded:
    """Append the new files of one source to bronze, and check that bronze contains every record of them.

    Raises:
        BronzeMismatchError: Bronze lacks some of them.
    """
    source, filled = found.source, [file for file in found.new if file.records]
    # Later than any ingestion so far, even if a machine's clock went back.
    version, loaded = max(as_micros(now), found.newest + 1), dict[str, int]()
    if filled:
        rows = read_drops(spark, source, filled, ingested_at=as_moment(version))
        append_once(rows, found.table, state=found.newest)
        loaded = _verify(spark, found.table, filled, after=found.newest, own=version)
    unknown = {name for file in filled for name in file.header} - set(source.columns)
    records = sum(file.records for file in filled)
    known = len(found.known) + len(found.repeated)
    ingested = Ingested(
        source.name,
        len(found.new),
        records,
        known,
        tuple(sorted(unknown)),
        found.table,
        found.advice,
    )
    new = [
        *(
            _delivery(file.drop, loaded.get(file.drop.name, version), found, records=file.records)
            for file in found.new
        ),
        *(_delivery(drop, version, found, repeats=name) for drop, name in found.repeated),
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
    return Loaded(ingested, tuple(new), tuple(adopted.values()), tuple(refreshed))


def _delivery(drop: Drop, ingested: int, found: Found, *, records: int = 0, repeats: str = "") -> Delivery:
    file = drop.file
    return Delivery(
        *(drop.name, drop.sha256, ingested, records, records, repeats),
        *(file.size, file.modified, found.listed),
    )


def _record(spark: SparkSession, context: Context, loads: Sequence[Loaded]) -> None:
    """Record the loads in one commit; known files that were read again are not worth a commit of their own."""
    if not any(done.new or done.adopted for done in loads):
        return
    only_new = not any(done.adopted or done.refreshed for done in loads)
    deliveries = {done.ingested.source: (*done.new, *done.adopted, *done.refreshed) for done in loads}
    record_deliveries(spark, context, deliveries, only_new=only_new)


def _raise(problems: Sequence[LandingError]) -> None:
    if len(problems) == 1:
        raise problems[0]
    if problems:
        raise LandingProblemsError(problems)


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


def _verify(
    spark: SparkSession, table: str, loaded: Sequence[Inspection], *, after: int, own: int
) -> dict[str, int]:
    """Check that bronze has as many rows of each loaded file as the file has records.

    Rows of this ingestion that do not fit are deleted, so that the next ingestion loads their files again.

    Args:
        spark: A session that may change the table.
        table: The bronze table.
        loaded: The files.
        after: Rows that were ingested after this moment are counted; in microseconds since 1970.
        own: The moment of this ingestion, in microseconds since 1970.

    Returns:
        A file's name → the moment of its ingestion: another one than this ingestion's if another ingestion was first.
    """
    from pyspark.sql import functions as F

    rows = spark.table(table).where(F.unix_micros("_ingested_at") > after)
    loads = rows.groupBy("_source_file", "_file_sha256", F.unix_micros("_ingested_at").alias("at")).agg(
        F.count("*").alias("rows")
    )
    found = {
        (row["_source_file"], row["_file_sha256"]): (int(row["rows"]), int(row["at"]))
        for row in sorted(loads.collect(), key=lambda row: int(row["at"]))
    }
    counted = {file: found.get((file.drop.name, file.drop.sha256), (0, own)) for file in loaded}
    wrong = [file for file in loaded if counted[file][0] != file.records]
    if not wrong:
        return {file.drop.name: at for file, (_, at) in counted.items()}
    hashes = ", ".join(f"'{file.drop.sha256}'" for file in wrong)
    rejected = f"unix_micros(_ingested_at) = {own} AND _file_sha256 IN ({hashes})"
    delete_rows(spark, table, rejected)
    raise BronzeMismatchError(
        f"{table} lacks records of {len(wrong)} of the new files",
        detail="\n".join(
            f"{file.drop.name}: {file.records} records, {counted[file][0]} rows" for file in wrong
        ),
        location=table,
        fix="run the ingestion again: it loads these files again. They changed while they were read, or another ingestion\n"
        "wrote at the same moment. Upload files under a hidden name and rename them when they are complete",
    )
