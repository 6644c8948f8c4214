"""Inspect the files of a delivery before any of them is loaded: hash, encoding, header, number of records.

New files are read once on the driver (about 100 MB/s). This finds faults that Spark does not report, or only in the middle of a
load: a cut-off gzip file, an empty file, another encoding, another header.
"""

import csv
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from databricks_utils.medallion.declaring.drift import Drift
from databricks_utils.medallion.declaring.sources import Source
from databricks_utils.medallion.errors import LandingFileError
from databricks_utils.medallion.landing.files import LandingFile
from databricks_utils.medallion.landing.text_lines import BLANK, UnreadableTextError, text_lines
from databricks_utils.nearest import nearest

_CHUNK = 1 << 20


@dataclass(frozen=True)
class Drop:
    """One file in the landing folder whose content is known.

    Attributes:
        file: The file.
        sha256: Hash of its bytes; it shows whether the file was loaded before.
    """

    file: LandingFile
    sha256: str

    @property
    def path(self) -> Path:
        """Where the file is."""
        return self.file.path

    @property
    def name(self) -> str:
        """The file's name without its folder."""
        return self.file.name


@dataclass(frozen=True)
class Inspection:
    """A drop that can be loaded.

    Attributes:
        drop: The file.
        header: Its columns in the file's order, in lower case.
        records: Non-blank lines below the header; one line is one record.
    """

    drop: Drop
    header: tuple[str, ...]
    records: int


def nothing_yet(folder: Path) -> str:
    """Return what to do if a source has no files: where to deliver them, and a folder beside it that may be meant."""
    text = f"nothing delivered yet: deliver `.csv` or `.csv.gz` files to {folder}"
    there = folder.parent.iterdir() if folder.parent.is_dir() else ()
    beside = [path.name for path in there if path.is_dir() and path.name != folder.name]
    near = nearest(folder.name, beside, limit=1)
    return f"{text} (there is a folder `{near[0]}` beside it)" if near else text


def inspect(drop: Drop, source: Source) -> Inspection:
    """Read a drop to its end and check that it can be loaded.

    Raises:
        LandingFileError: The file is empty, cut off or not UTF-8, or its header has a name twice or differs more than
            `source.drift` allows.
    """
    with _readable(drop.path) as lines:
        first = next(lines, None)
        if first is None:
            fix = "deliver it again; a file without records still has a header"
            raise _refusal(drop.path, "is empty", fix=fix)
        header = _header(first, drop.path, source)
        records = sum(1 for line in lines if line.strip(BLANK))
    return Inspection(drop, header, records)


def sha256_of(path: Path) -> str:
    """Return the hash of a file's bytes, in hexadecimal digits."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _refusal(
    path: Path, what: str, *, fix: str, detail: str = "", line: int | None = None
) -> LandingFileError:
    return LandingFileError(
        f"ingestion: {path.name} {what}",
        detail=detail,
        location=str(path) if line is None else f"{path}:{line}",
        fix=fix,
    )


@contextmanager
def _readable(path: Path) -> Iterator[Iterator[str]]:
    try:
        with text_lines(path) as lines:
            yield lines
    except UnreadableTextError as error:
        if error.line is None:
            raise _refusal(
                path,
                "is cut off or damaged",
                detail=error.reason,
                fix=f"deliver {path.name} again; write uploads under a hidden name and rename them when they are complete",
            ) from error
        raise _refusal(
            path,
            "is not UTF-8",
            detail=f"line {error.line}: {error.reason}",
            fix=f"convert it: iconv -f <its encoding> -t UTF-8, or ask for UTF-8; then deliver {path.name} again",
        ) from error


def _header(line: str, path: Path, source: Source) -> tuple[str, ...]:
    header = tuple(name.strip().strip('"').lower() for name in next(csv.reader([line.rstrip("\r\n")]), []))
    missing = [name for name in source.header if name not in header]
    twice = sorted({name for name in header if header.count(name) > 1})
    unknown = sorted(set(header) - set(source.header))
    without = len(missing) == len(source.header)
    allowed = {
        Drift.FAIL: not missing and not unknown,
        Drift.QUARANTINE: not without,
        Drift.EVOLVE: not missing,
    }
    if allowed[source.drift] and not twice:
        return header
    near = {name: nearest(name, unknown, limit=1) for name in missing}
    differences = [
        f"missing: {name}" + (f" (there is `{near[name][0]}`)" if near[name] else "") for name in missing
    ]
    if source.drift is Drift.FAIL:
        differences += [f"not declared: {name}" for name in unknown]
    differences += [f"twice: {name}" for name in twice]
    raise _refusal(
        path,
        "has no header" if without else "has another header than its source declares",
        detail="\n".join([*differences, f"first line: {line.strip()[:200]}"]),
        line=1,
        fix=f"deliver {path.name} with the columns {', '.join(source.header)}, in any order"
        + (f",\nor change the contract {source.contract}" if source.contract else ""),
    )
