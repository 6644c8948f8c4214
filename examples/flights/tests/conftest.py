"""Test records; `spark` and `context` come from the plugin of `databricks_utils.testing`."""

import os

import pytest
from databricks_utils.testing import assert_each_record_once, delivered_records, first_records, tiny_rows, write_drop
from job_steps import Steps
from rows import ENTITIES, FLIGHTS, SAMPLES

ROWS = 2_000


@pytest.fixture(scope="session")
def tiny(spark_session):
    """Return a few valid rows of every declared entity."""
    return tiny_rows(spark_session, ENTITIES.values(), samples=SAMPLES)


@pytest.fixture(scope="session")
def steps(spark_session, lakehouse_project):
    """Return the steps of the jobs, in an environment without tables."""
    return Steps(spark_session, lakehouse_project / "config", f"steps{os.getpid()}_")


@pytest.fixture(scope="session")
def delivered(steps, tiny):
    """Deliver a few rows of every source twice, and run notebooks 01 and 02 after each delivery; return the steps."""

    def walk():
        steps.notebook("01_ingest_bronze")
        steps.notebook("02_transform_silver_gold", mode="refine", accept_quarantined="", since="")

    assert_each_record_once(steps.spark, steps.context, tiny, steps.context.root / "data" / "landing", walk)
    return steps


@pytest.fixture
def bronze_flights(spark):
    """Return a function that makes raw flights in the columns of bronze."""
    return lambda *records: delivered_records(spark, FLIGHTS, *records)


@pytest.fixture(scope="session")
def airports(spark_session):
    """Return airports in three time zones, and one without a time zone."""
    rows = [
        ("LGA", "America/New_York"),
        ("MIA", "America/New_York"),
        ("ORD", "America/Chicago"),
        ("DEN", "America/Denver"),
        ("XXX", None),
    ]
    return spark_session.createDataFrame(rows, "airport string, time_zone string")


@pytest.fixture
def landing(context):
    """Return the landing volume with the first records of every declared source, or only a header without samples."""
    for source in {entity.source for entity in ENTITIES.values()}:
        records = first_records(SAMPLES, source, rows=ROWS)
        write_drop(context.landing / source.path / f"{source.name}_1.csv.gz", source.columns, records)
    return context.landing
