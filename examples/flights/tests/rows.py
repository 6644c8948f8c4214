"""Raw records to test with, and drops made of them."""

import gzip
from pathlib import Path

from flights.ingestion.sources import FLIGHTS

GOOD_FLIGHT = dict(
    zip(
        FLIGHTS.columns,
        [
            "2013",
            "1",
            "1",
            "542",
            "540",
            "2",
            "923",
            "850",
            "33",
            "AA",
            "1141",
            "N619AA",
            "LGA",
            "MIA",
            "160",
            "1089",
            "5",
            "40",
            "2013-01-01T10:00:00Z",
        ],
        strict=True,
    )
)


def record(**changes):
    """Return a good raw flight with some columns changed."""
    return {**GOOD_FLIGHT, **changes}


def write_drop(path: Path, source, records, *, header=None):
    """Write raw records as a csv.gz with a header."""
    names = list(header or source.columns)
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [
        ",".join(names),
        *(row if isinstance(row, str) else ",".join(row[name] for name in names) for row in records),
    ]
    with gzip.open(path, "wt", encoding="utf-8") as stream:
        stream.write("\n".join(lines) + "\n")
    return path
