"""Show that a source notices schema drift: a file without a column, with a renamed one, and with one more."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from databricks_utils.testing.landing import write_drop

if TYPE_CHECKING:
    from databricks_utils.medallion import Source

_ADDED = "a_column_of_next_year"


def assert_drift_noticed(source: Source, folder: Path) -> None:
    """Assert that files with other headers are refused, or quarantined, as the source declares.

    For each column one file lacks it, and one has it under another name; one file has a further column.

    Args:
        source: The source.
        folder: An empty folder for the files.

    Raises:
        AssertionError: A file is accepted that should not be, or refused without the name of the column; the message contains which.
    """
    from databricks_utils.medallion.declaring.drift import Drift

    refuses_missing, refuses_more = source.drift is not Drift.QUARANTINE, source.drift is Drift.FAIL
    for changed, column in _changed(source):
        refused = refuses_more if column == _ADDED else refuses_missing or len(source.header) == 1
        words = _refusal(source, folder, changed)
        assert bool(words) == refused, (
            f"`{source.name}`: a file with the header {', '.join(changed)} is {'refused' if words else 'accepted'}, "
            f"and its drift is `{source.drift.value}`"
        )
        assert not words or column in words, f"`{source.name}`: the refusal does not name `{column}`: {words}"


def _changed(source: Source) -> Iterator[tuple[list[str], str]]:
    """Yield each changed header, and the column that it is about."""
    for at, name in enumerate(source.header):
        others = [*source.header[:at], *source.header[at + 1 :]]
        yield others or ["nothing"], name
        yield [*others, f"{name}_of_next_year"], name
    yield [*source.header, _ADDED], _ADDED


def _refusal(source: Source, folder: Path, header: list[str]) -> str:
    """Return why a file with this header is refused; empty if it is not."""
    from databricks_utils.medallion import LandingError
    from databricks_utils.medallion.landing.files import list_files
    from databricks_utils.medallion.landing.inspection import Drop, inspect, sha256_of

    path = write_drop(folder / source.path / "drift.csv", header, [dict.fromkeys(header, "1")])
    (file,) = list_files(folder, path.parent)
    try:
        inspect(Drop(file, sha256_of(path)), source)
    except LandingError as problem:
        return str(problem)
    return ""
