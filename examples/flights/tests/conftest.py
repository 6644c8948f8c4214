"""Rows to test with; the session comes from the plugin of `databricks_utils.testing`."""

import pytest
from rows import GOOD_FLIGHT, write_drop

from flights.context import Context
from flights.ingestion.sources import AIRPORTS, FLIGHTS
from flights.settings import FlightsSettings


@pytest.fixture
def context(config, catalog, tmp_path):
    """The environment `local` with names of this test's own, and an empty landing volume."""
    own = config.model_copy(update={"storage": config.storage.model_copy(update={"volume_root": str(tmp_path)})})
    names = type(catalog)(own)
    settings = config.extra_as(FlightsSettings)
    return Context(config=own, catalog=names, settings=settings, git_sha="unknown", root=tmp_path)


@pytest.fixture
def bronze_flights(spark):
    """Make raw flights of bronze."""

    def make(*records):
        columns = [
            *FLIGHTS.columns,
            "_source_file",
            "_file_sha256",
            "_row",
            "_ingested_at",
            "_corrupt_record",
            "_extra",
        ]
        kinds = {"_row": "bigint", "_ingested_at": "timestamp"}
        schema = ", ".join(f"{name} {kinds.get(name, 'string')}" for name in columns)
        rows = [
            (*(r.get(name) for name in FLIGHTS.columns), "f.csv", "abc", i, None, r.get("_corrupt_record"), None)
            for i, r in enumerate(records)
        ]
        return spark.createDataFrame(rows, schema)

    return make


@pytest.fixture
def airports(spark):
    """Airports in three time zones; one without."""
    rows = [
        ("LGA", "America/New_York"),
        ("MIA", "America/New_York"),
        ("ORD", "America/Chicago"),
        ("DEN", "America/Denver"),
        ("XXX", None),
    ]
    return spark.createDataFrame(rows, "airport string, time_zone string")


@pytest.fixture
def landing(context):
    """The landing volume with one good drop of every source."""
    from flights.ingestion.sources import SOURCES

    rows = {
        "flights": [GOOD_FLIGHT],
        "weather": ["LGA,2013,1,1,5,39.02,26.06,59.37,270,10.4,NA,0,1012,10,2013-01-01T09:00:00Z"],
        "planes": ["N619AA,2001,Fixed wing multi engine,BOEING,737,2,149,NA,Turbo-fan"],
        "airlines": ["AA,American Airlines Inc."],
        "airports": [f"{code},{code} airport,40,-73,10,-5,A,America/New_York" for code in ("LGA", "MIA")],
    }
    assert AIRPORTS in SOURCES
    for source in SOURCES:
        write_drop(context.landing / source.name / f"{source.name}_1.csv.gz", source, rows[source.name])
    return context.landing
