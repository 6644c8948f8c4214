"""The deliveries of a source: the files that were loaded, and which of their loads count.

A delivery is one load of one file. A later delivery under the same name replaces the earlier one. Bronze keeps the rows of both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from databricks_utils.medallion.landing.files import LandingFile, is_settled
from databricks_utils.quoting import literal


@dataclass(frozen=True)
class Delivery:
    """One load of one file; moments are in microseconds since 1970.

    Attributes:
        file: The file's name.
        sha256: Hash of its bytes.
        ingested: When it was loaded; the same for all files of an ingestion.
        records: Records in it, counted before it was loaded.
        rows: Rows of it that bronze holds.
        repeats: The file that had brought the same content under another name, so that this one was not loaded; empty if it was.
        size: Its bytes; None if `ops.deliveries` has no row for the delivery.
        modified: When the file was last written; None as for `size`.
        listed: When the landing folder was listed and the file had this size and time; None as for `size`.
    """

    file: str
    sha256: str
    ingested: int
    records: int
    rows: int = 0
    repeats: str = ""
    size: int | None = None
    modified: int | None = None
    listed: int | None = None

    @property
    def is_recorded(self) -> bool:
        """Whether `ops.deliveries` has a row for it."""
        return self.listed is not None

    @property
    def is_complete(self) -> bool:
        """Whether bronze holds all of its records."""
        return self.rows == self.records

    def is_surely(self, file: LandingFile) -> bool:
        """Return whether a file is this one by its size and time alone, so that its content need not be read."""
        if self.modified is None or self.listed is None:
            return False
        same = (self.size, self.modified) == (file.size, file.modified)
        return same and is_settled(self.modified, listed=self.listed)


@dataclass(frozen=True)
class Replaced:
    """Files that were delivered again, and since when.

    Attributes:
        since: A file's name → the moment of its newest delivery; rows of earlier deliveries no longer count.
    """

    since: Mapping[str, int]

    def __bool__(self) -> bool:
        return bool(self.since)

    def condition(self, table: str = "") -> str:
        """Return the SQL condition for the rows of the earlier deliveries.

        Args:
            table: The alias of the table with `_source_file` and `_ingested_at`; empty: none.
        """
        prefix = f"{table}." if table else ""
        moments: dict[int, list[str]] = {}
        for file, moment in sorted(self.since.items()):
            moments.setdefault(moment, []).append(literal(file))
        parts = [
            f"({prefix}_source_file IN ({', '.join(files)}) AND {prefix}_ingested_at < timestamp_micros({moment}))"
            for moment, files in moments.items()
        ]
        return f"({' OR '.join(parts)})" if parts else "(false)"


@dataclass(frozen=True)
class Deliveries:
    """All deliveries of one source, from bronze and from `ops.deliveries`.

    Attributes:
        every: In the order of time.
    """

    every: tuple[Delivery, ...] = ()

    @classmethod
    def of(cls, held: Iterable[Delivery], recorded: Iterable[Delivery]) -> Deliveries:
        """Combine what bronze holds with what was recorded.

        Args:
            held: Deliveries with rows in bronze.
            recorded: Rows of `ops.deliveries`; of several rows for one delivery, the last look counts.
        """
        found = {(item.file, item.ingested): item for item in held}
        for item in sorted(recorded, key=lambda item: item.listed or 0):
            key = (item.file, item.ingested)
            rows = found[key].rows if key in found else 0
            found[key] = Delivery(
                *(item.file, item.sha256, item.ingested, item.records, rows, item.repeats),
                *(item.size, item.modified, item.listed),
            )
        return cls(tuple(sorted(found.values(), key=lambda item: item.ingested)))

    @cached_property
    def loads(self) -> tuple[Delivery, ...]:
        """The deliveries that were loaded."""
        return tuple(item for item in self.every if not item.repeats)

    @cached_property
    def current(self) -> Mapping[str, Delivery]:
        """A file's name → its newest load."""
        return {item.file: item for item in self.loads}

    @cached_property
    def last(self) -> Mapping[str, Delivery]:
        """A file's name → what was recorded of it last, also if it was not loaded."""
        return {item.file: item for item in self.every}

    @property
    def newest(self) -> int:
        """The moment of the newest load; 0 if there is none."""
        return max((item.ingested for item in self.loads), default=0)

    def first_after(self, moment: int) -> int | None:
        """Return the moment of the first load after a moment; None if there is none."""
        return min((item.ingested for item in self.loads if item.ingested > moment), default=None)

    @property
    def newest_rows(self) -> int:
        """The moment of the newest load that counts and has rows in bronze; 0 if there is none."""
        return max((item.ingested for item in self.current.values() if item.rows), default=0)

    @property
    def superseded(self) -> tuple[Delivery, ...]:
        """The loads that a later load of the same file has replaced."""
        return tuple(item for item in self.loads if self.current[item.file] != item)

    @property
    def lost(self) -> tuple[Delivery, ...]:
        """The loads that count and whose records bronze does not hold completely."""
        return tuple(item for item in self.current.values() if not item.is_complete)

    @cached_property
    def contents(self) -> Mapping[str, str]:
        """The hash of each content that bronze holds completely → the name of its file."""
        return {item.sha256: item.file for item in reversed(self.loads) if item.is_complete}

    def replaced_after(self, moment: int) -> Replaced:
        """Return the files that were delivered again after a moment."""
        again = {item.file for item in self.superseded}
        return Replaced(
            {
                name: self.current[name].ingested
                for name in sorted(again)
                if self.current[name].ingested > moment
            }
        )
