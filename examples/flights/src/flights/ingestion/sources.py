"""The sources and the columns of their files; a source's name is the name of its folder in the landing volume."""

from databricks_utils.medallion import Raw, Source

RAW = Raw(missing=("NA",))

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
