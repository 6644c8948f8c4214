"""Read a text file to its end on the driver: encoding, header, number of records. Spark reports none of these faults before it loads.

A file is read at about 100 MB/s.
"""

import csv
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from databricks_utils.contracts.errors import DataFileError
from databricks_utils.medallion.landing.text_lines import BLANK, UnreadableTextError, text_lines

_DELIMITERS = (",", ";", "\t", "|")
_LINES_ASKED = 50  # for the delimiter
_OF_EXCEL = re.compile('"?sep=.{1,2}', re.IGNORECASE)
_VALUE = re.compile(r"[-+]?[0-9]+([.,][0-9]+)?|[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9:.Z+-]*)?")


@dataclass(frozen=True)
class TextFile:
    """A text file that can be read.

    Attributes:
        path: The file.
        records: Its lines that are not blank, without the header.
        header: The fields of its first line; empty for JSON lines.
        delimiter: What separates its fields; empty for JSON lines.
        below: The fields of the line below the header; empty if there is none.
    """

    path: Path
    records: int
    header: tuple[str, ...] = ()
    delimiter: str = ""
    below: tuple[str, ...] = ()


def inspect_csv(path: Path, *, delimiter: str | None = None) -> TextFile:
    """Read a CSV file with a header to its end.

    Args:
        path: The file, plain or gzip.
        delimiter: What separates its fields; by default the one of `,` `;` tab `|` that its header and first lines fit best.

    Raises:
        DataFileError: It is empty, cut off or not UTF-8, or its first line is no header.
    """
    with _lines_of(path) as lines:
        first = next(lines, "")
        if not first.strip(BLANK):
            what = "begins with a blank line" if first else "is empty"
            raise _refusal(path, what, fix="give it a header: the names of its columns", line=1)
        if _OF_EXCEL.match(first):
            name = first.strip().strip('"')
            raise _refusal(
                path,
                f"begins with Excel's line `{name}`, not with the names of columns",
                fix="remove its first line; a delimiter is found, or given: --delimiter",
                line=1,
            )
        ahead = [line for line in islice(lines, _LINES_ASKED) if line.strip(BLANK)]
        found = delimiter or _delimiter_of(first, ahead)
        header = _fields(first, found)
        if not header:
            raise _refusal(
                path, "has a field in its header that is too long for a name", fix="shorten it", line=1
            )
        if first.count('"') % 2:
            raise _refusal(
                path,
                "has a header that does not end in its line",
                fix="close the quote of its header",
                line=1,
            )
        records = len(ahead) + sum(1 for line in lines if line.strip(BLANK))
        return TextFile(path, records, header, found, _fields(ahead[0], found) if ahead else ())


def inspect_json_lines(path: Path) -> TextFile:
    """Read a file with a JSON object on each line to its end.

    Raises:
        DataFileError: It is empty, cut off or not UTF-8, or it begins with a list.
    """
    with _lines_of(path) as lines:
        first = next((line for line in lines if line.strip(BLANK)), "").strip(BLANK)
        if not first:
            raise _refusal(path, "is empty", fix="give it a JSON object on each line", line=1)
        if first.startswith("[") or first == "{":
            raise _refusal(
                path,
                "has no JSON object on each line",
                fix=f"put each object on a line of its own: jq -c '.[]' {path.name}"
                if first[0] == "["
                else f"put each object on a line of its own: jq -c . {path.name}",
                line=1,
            )
        return TextFile(path, 1 + sum(1 for line in lines if line.strip(BLANK)))


def _delimiter_of(header: str, lines: Sequence[str]) -> str:
    """What separates the fields of a header: of several that may, the one that lines fit best.

    Decimal commas may split lines into as many fields as semicolons do: then it counts which of the fields are values, and in the
    header which begin with a blank.
    """
    found = {each: _fields(header, each) for each in _DELIMITERS}
    possible = [each for each in _DELIMITERS if len(found[each]) > 1] or [_DELIMITERS[0]]
    if len(possible) == 1:
        return possible[0]

    def fits(delimiter: str) -> tuple[int, int, int, int]:
        own = found[delimiter]
        rows = [_fields(line, delimiter) for line in lines]
        fitting = [row for row in rows if len(row) == len(own)]
        values = sum(bool(_VALUE.fullmatch(field.strip())) for row in fitting for field in row)
        return len(fitting), len(own), values, -sum(field.startswith(" ") for field in own)

    return max(possible, key=fits)


def _fields(line: str, delimiter: str) -> tuple[str, ...]:
    try:
        return tuple(next(csv.reader([line.rstrip("\r\n")], delimiter=delimiter), ()))
    except csv.Error:  # a field of more than 128 kB
        return ()


@contextmanager
def _lines_of(path: Path) -> Iterator[Iterator[str]]:
    try:
        with text_lines(path) as lines:
            yield lines
    except DataFileError:  # an OSError too
        raise
    except UnreadableTextError as error:
        if error.line is None:
            raise _refusal(
                path,
                "is cut off or damaged",
                detail=error.reason,
                fix="copy it again from where it came",
            ) from error
        raise _refusal(
            path,
            "is not UTF-8",
            detail=error.reason,
            fix=f"convert it: iconv -f <its encoding> -t UTF-8 {path.name}",
            line=error.line,
        ) from error
    except OSError as error:
        raise _refusal(
            path, f"cannot be read: {error.strerror or error}", fix=f"check the file: ls -l {path}"
        ) from error


def _refusal(path: Path, what: str, *, fix: str, detail: str = "", line: int | None = None) -> DataFileError:
    return DataFileError(
        f"{path.name} {what}",
        detail=detail or None,
        location=str(path) if line is None else f"{path}:{line}",
        fix=fix,
    )
