"""Inspect the files of a delivery before anything is loaded: hash, encoding, header, number of records.

One pass over new files on the driver (some 100 MB/s). It finds what Spark does not report, or reports in the middle of a
load: a cut-off gzip, an empty file, another encoding, another header.
"""

import contextlib
import csv
import difflib
import gzip
import hashlib
import io
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from databricks_utils.medallion.declaring.declarations import Source
from databricks_utils.medallion.errors import LandingFileError, LandingFolderError

# Spark reads brackets, braces and stars in a path as patterns, so such names are refused.
_NAME = re.compile(r"[\w.\-]+\.csv(\.gz)?", re.ASCII)
_CHUNK = 1 << 20
_BLANK = "".join(map(chr, range(33)))


@dataclass(frozen=True)
class Drop:
    """One file in the landing folder.

    Attributes:
        path: Where it lies.
        sha256: Hash of its bytes, by which a drop that was loaded before is known.
    """

    path: Path
    sha256: str


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


def find_drops(folder: Path) -> list[Drop]:
    """List the files of one source by name.

    Hidden files and files that begin with `_` are uploads under way or markers; they are skipped.

    Raises:
        LandingFolderError: The folder is not there.
        LandingFileError: A file is neither `*.csv` nor `*.csv.gz`, or Spark could read its name as a pattern.
    """
    if not folder.is_dir():
        raise LandingFolderError(
            f"ingestion: there is no landing folder for {folder.name}",
            location=str(folder),
            fix=f"create it and deliver files to it, e.g. mkdir -p {folder}",
        )
    drops = []
    for path in sorted(folder.iterdir()):
        if path.name.startswith((".", "_")):
            continue
        if not _NAME.fullmatch(path.name) or not path.is_file():
            raise LandingFileError(
                f"ingestion: {path.name} is not a file that {folder.name} can be loaded from",
                location=str(path),
                fix="deliver `<letters, digits, . _ ->.csv` or `.csv.gz`; move anything else away",
            )
        drops.append(Drop(path, sha256_of(path)))
    return drops


def inspect(drop: Drop, source: Source) -> Inspection:
    """Read a drop to its end and check that it can be loaded.

    Raises:
        LandingFileError: It is empty, cut off, not UTF-8, or its header lacks a column or names one twice.
    """
    with _readable(drop.path) as lines:
        first = next(lines, None)
        if first is None:
            raise LandingFileError(
                f"ingestion: {drop.path.name} is empty",
                location=str(drop.path),
                fix="deliver it again; a month without records still has a header",
            )
        header = _header(first, drop.path, source)
        records = sum(1 for line in lines if line.strip(_BLANK))
    return Inspection(drop, header, records)


def sha256_of(path: Path) -> str:
    """Return the hash of a file's bytes, in hexadecimal digits."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _open(path: Path) -> BinaryIO:
    return cast("BinaryIO", gzip.GzipFile(path)) if path.suffix == ".gz" else path.open("rb")


@contextmanager
def _readable(path: Path) -> Iterator[Iterator[str]]:
    try:
        with _open(path) as stream, io.TextIOWrapper(stream, encoding="utf-8-sig", errors="strict") as text:
            yield iter(text)
    except UnicodeDecodeError as error:
        raise LandingFileError(
            f"ingestion: {path.name} is not UTF-8",
            detail=f"line {_first_undecodable_line(path)}: byte 0x{error.object[error.start]:02x}: {error.reason}",
            location=str(path),
            fix=f"iconv -f <its encoding> -t UTF-8, or ask for UTF-8, and deliver {path.name} again",
        ) from error
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise LandingFileError(
            f"ingestion: {path.name} is cut off or damaged",
            detail=f"gzip: {error}",
            location=str(path),
            fix=f"deliver {path.name} again; write uploads under a hidden name and rename them when they are complete",
        ) from error


def _first_undecodable_line(path: Path) -> int:
    """Find the line; the decoder reads in blocks and knows only the place in a block."""
    number = 0
    with (
        _open(path) as stream,
        contextlib.suppress(UnicodeDecodeError, EOFError, gzip.BadGzipFile, zlib.error),
    ):
        for line in stream:
            number += 1
            line.decode("utf-8")
    return number


def _header(line: str, path: Path, source: Source) -> tuple[str, ...]:
    header = tuple(name.strip().strip('"').lower() for name in next(csv.reader([line.rstrip("\r\n")]), []))
    missing = [name for name in source.columns if name not in header]
    twice = sorted({name for name in header if header.count(name) > 1})
    if not missing and not twice:
        return header
    near = {name: difflib.get_close_matches(name, set(header) - set(source.columns), n=1) for name in missing}
    differences = [
        f"missing: {name}" + (f" (there is `{near[name][0]}`)" if near[name] else "") for name in missing
    ]
    differences += [f"twice: {name}" for name in twice]
    without = len(missing) == len(source.columns)
    raise LandingFileError(
        f"ingestion: {path.name} " + ("has no header" if without else "has another header than agreed"),
        detail="\n".join([*differences, f"first line: {line.strip()[:200]}"]),
        location=f"{path}:1",
        fix=f"deliver {path.name} with the columns {', '.join(source.columns)}, in any order",
    )
