"""Test records; `spark` and `context` come from the plugin of `databricks_utils.testing`."""

from pathlib import Path

import pytest
from databricks_utils.medallion import declared_in
from databricks_utils.testing import first_records, raw_records, write_drop

from flights.ingestion.sources import FLIGHTS

SAMPLES = Path(__file__).parents[1] / "data" / "landing"
ENTITIES = declared_in("flights.transformations").entities
ROWS = 2_000


@pytest.fixture
def bronze_flights(spark):
    """Return a function that makes raw flights in the columns of bronze."""
    return lambda *records: raw_records(spark, FLIGHTS, *records)


@pytest.fixture
def airports(spark):
    """Return airports in three time zones, and one without a time zone."""
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
    """Return the landing volume with the first records of every declared source, or only a header without samples."""
    for source in {entity.source for entity in ENTITIES}:
        records = first_records(SAMPLES, source, rows=ROWS)
        write_drop(context.landing / source.path / f"{source.name}_1.csv.gz", source.columns, records)
    return context.landing
