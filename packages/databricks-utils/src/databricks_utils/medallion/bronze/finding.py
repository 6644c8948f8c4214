"""Find the files of the landing folders that bronze does not hold, and inspect them before anything is written."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from databricks_utils.catalog.history import last_write
from databricks_utils.context import Context
from databricks_utils.medallion.bronze.comparison import Comparison, compare
from databricks_utils.medallion.bronze.deliveries import Deliveries, Delivery
from databricks_utils.medallion.bronze.register import read_deliveries
from databricks_utils.medallion.declaring.sources import Source
from databricks_utils.medallion.errors import LandingError, LandingProblemsError
from databricks_utils.medallion.landing.files import list_files
from databricks_utils.medallion.landing.inspection import Drop, Inspection, inspect, nothing_yet
from databricks_utils.moments import as_micros

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


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
        newest: The newest ingestion, in microseconds since 1970; 0 if there is none.
        listed: Just before the folders were listed, in microseconds since 1970.
        advice: What to do if no file was ever delivered; empty if one was.
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


def find_new_files(
    spark: SparkSession,
    context: Context,
    sources: Sequence[Source],
    *,
    made: Collection[str] = (),
    from_history: bool = False,
) -> list[Found]:
    """Read the landing folders and the deliveries so far, in one query, and inspect the files that are new.

    Args:
        spark: A session that may read bronze and ops.
        context: The environment.
        sources: The sources; their bronze tables exist.
        made: Names of the sources whose bronze table was made just now, so that it has no rows.
        from_history: Count ingestions whose rows were deleted since as well; this reads the history of every table.

    Raises:
        LandingError: A folder or a file is unusable.
    """
    tables = {source.name: context.table("bronze", source.name) for source in sources}
    # Before the rows; see `append_once`.
    written = {name: last_write(spark, table) for name, table in tables.items()} if from_history else {}
    deliveries = read_deliveries(spark, context, sources, without_rows=made)
    # One moment for all folders: a file that was there at this moment is listed.
    listed, found, problems = as_micros(datetime.now(UTC)), [], list[LandingError]()
    for source in sources:
        so_far = deliveries[source.name]
        newest = max(so_far.newest, written.get(source.name, 0))
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


def _raise(problems: Sequence[LandingError]) -> None:
    if len(problems) == 1:
        raise problems[0]
    if problems:
        raise LandingProblemsError(problems)
