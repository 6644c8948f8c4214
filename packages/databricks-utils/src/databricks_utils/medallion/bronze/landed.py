"""What was delivered of a source, and which of its files bronze does not hold: never loaded, or lost since."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from databricks_utils.medallion.bronze.comparison import compare
from databricks_utils.medallion.bronze.deliveries import Deliveries
from databricks_utils.medallion.declaring.sources import Source
from databricks_utils.medallion.errors import AccountingError, LandingError
from databricks_utils.medallion.landing.files import loadable_files
from databricks_utils.medallion.landing.inspection import Drop, inspect
from databricks_utils.quoting import literal


@dataclass(frozen=True)
class Landed:
    """The deliveries of one source, counted.

    Attributes:
        records: Records that landed: of each file's newest delivery, of earlier deliveries as far as bronze holds them, and
            of the files that were never loaded.
        bronze: Rows of bronze.
        superseded: Those of them that belong to a delivery which a later one of the same file has replaced.
        unloaded: Landing files that were there at the last ingestion and were never loaded → a description.
        waiting: Landing files that came after the last ingestion.
        lost: Files that were loaded, whose records bronze does not hold, and that are not in the landing folder → a description.
        folder: The landing folder.
        register: The name of `ops.deliveries`.
    """

    records: int = 0
    bronze: int = 0
    superseded: int = 0
    unloaded: Mapping[str, str] = field(default_factory=dict)
    waiting: tuple[str, ...] = ()
    lost: Mapping[str, str] = field(default_factory=dict)
    folder: str = ""
    register: str = ""

    @property
    def is_complete(self) -> bool:
        """Whether bronze holds every file, and none waits for the next ingestion."""
        return not (self.unloaded or self.waiting or self.lost)

    def check(self, source: str) -> None:
        """Check that bronze holds every file that was delivered before the last ingestion.

        Raises:
            AccountingError: It lacks one.
        """
        if self.unloaded:
            raise AccountingError(
                f"accounting: {_counted(len(self.unloaded), 'file')} of {source} in the landing folder, not in bronze",
                detail="\n".join(self.unloaded.values()),
                location=self.folder,
                fix="run the ingestion (Medallion.ingest()), which loads them or names what is wrong with them, then the\n"
                "transformation. If they are not meant to be loaded, move them away",
            )
        if self.lost:
            names = ", ".join(literal(name) for name in self.lost)
            give_up = f"DELETE FROM {self.register} WHERE source = {literal(source)} AND file IN ({names})"  # noqa: S608 - for a person
            raise AccountingError(
                f"accounting: bronze lacks the records of {_counted(len(self.lost), 'file')} of {source} that were loaded",
                detail="\n".join(self.lost.values()),
                location=self.register,
                fix=f"put them into {self.folder} again, then run the ingestion and the transformation. If nobody has them any\n"
                f"more, give them up: {give_up};\n"
                "then run the transformation with mode=rebuild, which removes their records from silver",
            )


def count_landed(source: Source, folder: Path, deliveries: Deliveries, listed: int, register: str) -> Landed:
    """Count what was delivered of a source. Only files that no ingestion has loaded are read.

    Args:
        source: The source.
        folder: Its landing folder.
        deliveries: What was loaded so far.
        listed: When an ingestion listed its folders last, in microseconds since 1970; 0 if none did.
        register: The name of `ops.deliveries`, for the error.
    """
    found = compare(loadable_files(folder), deliveries)
    left_out = {drop.name: drop for drop in found.new if drop.file.arrived <= listed}
    counted = {name: _count(drop, source) for name, drop in left_out.items()}
    unloaded = {
        name: f"{name}: {problem or _counted(records, 'record')}"
        for name, (records, problem) in counted.items()
    }
    lost = {
        item.file: f"{item.file}: {_counted(item.records, 'record')}, {item.rows:,} in bronze"
        for item in deliveries.lost
        if item.file not in left_out
    }
    superseded = sum(item.rows for item in deliveries.superseded)
    current = sum(item.records for item in deliveries.current.values() if item.file not in left_out)
    return Landed(
        records=current + superseded + sum(records for records, _ in counted.values()),
        bronze=sum(item.rows for item in deliveries.loads),
        superseded=superseded,
        unloaded=unloaded,
        waiting=tuple(drop.name for drop in found.new if drop.name not in left_out),
        lost=lost,
        folder=str(folder),
        register=register,
    )


def _count(drop: Drop, source: Source) -> tuple[int, str | None]:
    """Return the number of records in a file, and what is wrong with it."""
    try:
        return inspect(drop, source).records, None
    except LandingError as problem:
        return 0, problem.summary.removeprefix(f"ingestion: {drop.name} ")


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
