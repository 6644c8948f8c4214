"""Load files from the landing volume into bronze: all new files of a source in one commit, and each file once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from databricks_utils.context import Context
from databricks_utils.medallion.bronze.finding import Found, find_new_files
from databricks_utils.medallion.bronze.loading import (
    Load,
    Loaded,
    RefusedLoadError,
    append_all,
    count_loaded,
    finish,
)
from databricks_utils.medallion.bronze.records import ensure_bronze
from databricks_utils.medallion.bronze.register import record_deliveries
from databricks_utils.medallion.declaring.sources import Source

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

    @classmethod
    def of(cls, load: Load) -> Ingested:
        """Return the result of a finished load."""
        found, filled = load.found, load.filled
        unknown = {name for file in filled for name in file.header} - set(found.source.header)
        return cls(
            source=found.source.name,
            files=len(found.new),
            records=sum(file.records for file in filled),
            known=len(found.known) + len(found.repeated),
            unknown_columns=tuple(sorted(unknown)),
            table=found.table,
            advice=found.advice,
        )


def ingest(
    spark: SparkSession, context: Context, sources: Sequence[Source], *, now: datetime | None = None
) -> list[Ingested]:
    """Load every new file of some sources; see `Medallion.ingest`."""
    made = {
        source.name
        for source in sources
        if ensure_bronze(spark, context.table("bronze", source.name), source)
    }
    if not sources:
        return []
    moment = now or datetime.now(UTC)
    found = find_new_files(spark, context, sources, made=made)
    loaded, problems = load(spark, found, now=moment)
    refused = [source for source in sources if isinstance(problems.get(source.name), RefusedLoadError)]
    if refused:  # once more, with the numbers of the tables' histories
        found = find_new_files(spark, context, refused, from_history=True)
        again, still = load(spark, found, now=moment)
        problems = {name: error for name, error in problems.items() if name not in {s.name for s in refused}}
        loaded, problems = [*loaded, *again], problems | still
    _record(spark, context, loaded)
    results = {done.load.found.source.name: Ingested.of(done.load) for done in loaded}
    for source in sources:
        if source.name in problems:
            raise problems[source.name]
    return [results[source.name] for source in sources]


def load(
    spark: SparkSession, found: Sequence[Found], *, now: datetime
) -> tuple[list[Loaded], dict[str, BaseException]]:
    """Append the new files of some sources to bronze, and check that bronze contains every record of them.

    Returns:
        The finished loads; and name of a source → why its load failed.
    """
    loads = [Load.of(item, now=now) for item in found]
    problems = append_all(spark, loads)
    appended = [item for item in loads if item.found.source.name not in problems]
    counts, loaded = count_loaded(spark, appended), list[Loaded]()
    for item in appended:
        name = item.found.source.name
        try:
            loaded.append(finish(spark, item, counts[name]))
        except Exception as error:  # noqa: BLE001 - the other sources are recorded before it is raised
            problems[name] = error
    return loaded, problems


def _record(spark: SparkSession, context: Context, loaded: Sequence[Loaded]) -> None:
    """Record the loads in one commit; known files that were read again are not worth a commit of their own."""
    if not any(done.new or done.adopted for done in loaded):
        return
    only_new = not any(done.adopted or done.refreshed for done in loaded)
    deliveries = {done.load.found.source.name: (*done.new, *done.adopted, *done.refreshed) for done in loaded}
    record_deliveries(spark, context, deliveries, only_new=only_new)
