"""What is delivered: each source, its columns as they stand in the file, and the folder it arrives in."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Source:
    """One delivery that repeats.

    Attributes:
        name: Its folder in the landing volume, and its table in bronze, silver and quarantine.
        columns: The header's names. Files are read by them, in whatever order; further columns are kept in `_extra`.
        comment: What one record is.
    """

    name: str
    columns: tuple[str, ...]
    comment: str


FLIGHTS = Source(
    "flights",
    (
        "year",
        "month",
        "day",
        "dep_time",
        "sched_dep_time",
        "dep_delay",
        "arr_time",
        "sched_arr_time",
        "arr_delay",
        "carrier",
        "flight",
        "tailnum",
        "origin",
        "dest",
        "air_time",
        "distance",
        "hour",
        "minute",
        "time_hour",
    ),
    "One scheduled flight, after the fact",
)
WEATHER = Source(
    "weather",
    (
        "origin",
        "year",
        "month",
        "day",
        "hour",
        "temp",
        "dewp",
        "humid",
        "wind_dir",
        "wind_speed",
        "wind_gust",
        "precip",
        "pressure",
        "visib",
        "time_hour",
    ),
    "One hourly observation at an airport",
)
PLANES = Source(
    "planes",
    ("tailnum", "year", "type", "manufacturer", "model", "engines", "seats", "speed", "engine"),
    "One registered plane",
)
AIRLINES = Source("airlines", ("carrier", "name"), "One airline")
AIRPORTS = Source("airports", ("faa", "name", "lat", "lon", "alt", "tz", "dst", "tzone"), "One airport")

SOURCES = (FLIGHTS, WEATHER, PLANES, AIRLINES, AIRPORTS)
