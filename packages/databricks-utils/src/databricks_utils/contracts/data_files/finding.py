"""Find the data files under a path: one file, or a folder of files of one kind."""

import re
from dataclasses import dataclass
from pathlib import Path

from databricks_utils.contracts.errors import DataFileError
from databricks_utils.nearest import listing, nearest

_KINDS = {
    "csv": (".csv", ".csv.gz", ".tsv", ".tsv.gz"),
    "json": (".jsonl", ".jsonl.gz", ".ndjson", ".ndjson.gz", ".json", ".json.gz"),
    "parquet": (".parquet",),
}
SUFFIXES = tuple(suffix for suffixes in _KINDS.values() for suffix in suffixes)
# Spark reads these characters in a path as a pattern, and a colon as the end of a scheme.
_PATTERN = re.compile(r"[\[\]{}*?\\:]")
_DELTA_LOG = "_delta_log"


@dataclass(frozen=True)
class DataFiles:
    """Files of one kind.

    Attributes:
        path: The file, or the folder of all of them.
        kind: `csv`, `json` (a JSON object on each line) or `parquet`.
        files: The files, by name; of a folder of Parquet also those in its partitions.
    """

    path: Path
    kind: str
    files: tuple[Path, ...]

    @property
    def name(self) -> str:
        """The name of what they hold: that of the folder, or of the file without its suffix."""
        return self.path.name if self.path.is_dir() else self.path.name[: -len(_suffix(self.path))]


def find_data_files(path: Path) -> DataFiles:
    """Return the data files at a path. Hidden files and those that begin with `_` are unfinished uploads or markers, and do not count.

    Raises:
        DataFileError: There are none, they are of several kinds, or Spark would read a name as a pattern.
    """
    path = path.absolute()
    if not path.exists():
        raise DataFileError(f"there is no file {path}", location=str(path), fix=_instead_of(path))
    if (path / _DELTA_LOG).is_dir():
        raise DataFileError(
            "this folder is a Delta table; some of its files are no longer part of it",
            location=str(path),
            fix="name the table: lakewright contract import CATALOG.SCHEMA.TABLE",
        )
    files = _files_in(path) if path.is_dir() else (path,)
    kinds = {_kind(file) for file in files}
    if len(kinds) > 1:
        raise DataFileError(
            "the folder has files of several kinds",
            location=str(path),
            detail=f"files: {listing(file.name for file in files)}",
            fix="name one of them, or move the others away",
        )
    for file in files:
        if _PATTERN.search(str(file)):
            raise DataFileError(
                f"Spark cannot read the name {file.name} as it stands: it has a pattern or a scheme in it",
                location=str(file),
                fix="rename it, or its folder: no brackets, braces, `*`, `?`, `:`, backslash",
            )
    return DataFiles(path, kinds.pop(), files)


def _files_in(folder: Path) -> tuple[Path, ...]:
    found = [path for path in sorted(folder.iterdir()) if not path.name.startswith((".", "_"))]
    inside = [path for path in found if path.is_dir()]
    if inside and all(
        "=" in path.name for path in inside
    ):  # `day=2024-01-31/`: a partition, as Spark writes it
        partitions = [path for path in sorted(folder.rglob("*.parquet")) if _is_visible(path, folder)]
        found = [*(path for path in found if path.is_file()), *partitions]
    elif inside:
        raise DataFileError(
            f"there are folders in the folder: {listing(path.name for path in inside)}",
            location=str(folder),
            fix="name one of them, or a file",
        )
    if not found:
        raise DataFileError(
            "there is no file in the folder",
            location=str(folder),
            detail=f"looked for: {', '.join(SUFFIXES)}",
            fix="name a folder with files, or a table",
        )
    return tuple(found)


def _is_visible(path: Path, folder: Path) -> bool:
    return not any(part.startswith((".", "_")) for part in path.relative_to(folder).parts)


def _suffix(path: Path) -> str:
    return max((suffix for suffix in SUFFIXES if path.name.lower().endswith(suffix)), key=len, default="")


def _kind(path: Path) -> str:
    suffix = _suffix(path)
    for kind, suffixes in _KINDS.items():
        if suffix in suffixes:
            return kind
    raise DataFileError(
        f"{path.name} is no file that can be read here",
        location=str(path),
        detail=f"read: {', '.join(SUFFIXES)}",
        fix="convert it to one of them, or load it into a table and name the table",
    )


def _instead_of(path: Path) -> str:
    beside = [item.name for item in path.parent.iterdir()] if path.parent.is_dir() else []
    near = nearest(path.name, beside, limit=1)
    return f"did you mean {near[0]}?" if near else "name a file, a folder of files, or a table"
