"""More flights with the same statistics: each record of a file several times, each time under a flight number of its own.

Everything but the flight number is copied, also what is missing or invalid, so that shares of late, cancelled and invalid records, delays
and routes stay as they are. What depends on the number of flights grows with it: the departures in the same hour. The files say in their
names that they were generated. The same input gives the same bytes.
"""

import csv
import gzip
import io
from collections.abc import Iterable, Iterator
from pathlib import Path

# Above every real flight number, so that no copy gets the number of another flight.
_STEP = 10_000


def multiply_lines(lines: Iterable[str], times: int, *, every: int = 1) -> Iterator[str]:
    """Yield the lines of a file with each record several times, header first, without line ends.

    Args:
        lines: The file's lines, header first.
        times: How often each record comes.
        every: Take each such record only, e.g. 5: each fifth; the records before it are left out.
    """
    reader = csv.reader(lines)
    header = next(reader)
    place = header.index("flight")
    yield _line(header)
    for number, record in enumerate(reader):
        if number % every:
            continue
        for copy in range(times):
            yield _line([*record[:place], _renumbered(record[place], copy), *record[place + 1 :]])


def multiply_file(path: Path, times: int, *, every: int = 1) -> Path:
    """Replace a `.csv.gz` by one with more records; return its path, which names what was done."""
    generated = path.with_name(path.name.replace(".csv.gz", f"_generated_x{times}.csv.gz"))
    with (
        gzip.open(path, "rt", encoding="utf-8", newline="") as source,
        generated.open("wb") as raw,
        gzip.GzipFile(filename="", mode="wb", fileobj=raw, compresslevel=6, mtime=0) as target,
    ):
        for line in multiply_lines(source, times, every=every):
            target.write(f"{line}\n".encode())
    path.unlink()
    return generated


def _renumbered(number: str, copy: int) -> str:
    """Return the flight number of a copy; what is not a number stays invalid."""
    if copy == 0:
        return number
    stripped = number.strip()
    return str(int(stripped) + copy * _STEP) if stripped.isdecimal() else f"{number}-{copy}"


def _line(fields: list[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(fields)
    return line.getvalue()
