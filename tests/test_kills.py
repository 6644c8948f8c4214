"""The flights project with few rows: whatever process is killed in the middle, the same command again completes the run.

Where to kill is drawn from a seed; `LAKEWRIGHT_SEED=7` repeats a draw, `LAKEWRIGHT_KILLS=3` kills each kind of process once
instead of one kind, and `LAKEWRIGHT_KILL_ROUNDS=10` draws ten times.
"""

import os
import random

import killing
import pytest
import small_flights
from kill_points import VICTIMS, draw
from table_contents import differences, project_contents

from databricks_utils.catalog import LAYERS
from lakewright.engine import ensure_engine, stop_engine
from lakewright.project_session import engine_settings

pytestmark = [pytest.mark.integration, pytest.mark.slow]

SEED = int(os.environ.get("LAKEWRIGHT_SEED") or random.SystemRandom().randrange(10_000))
KILLS = int(os.environ.get("LAKEWRIGHT_KILLS") or 1)
ROUNDS = int(os.environ.get("LAKEWRIGHT_KILL_ROUNDS") or 1)
FILLED = (
    "bronze.flights",
    "silver.flights_checked",
    "quarantine.flights",
    "gold.predictions",
    "ops.progress",
    "ops.drift_metrics",
)


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A project; each run writes the schemas of its own prefix, so that all share one engine."""
    folder = small_flights.make_small_flights(tmp_path_factory.mktemp("kills") / "flights")
    yield folder
    stop_engine(folder)


@pytest.fixture(scope="module")
def writes(project):
    """How many writes each task makes in a run without an accident, in the schemas without a prefix."""
    return killing.count_writes(project)


@pytest.fixture(scope="module")
def expected(project, writes):
    """What the tables of that run hold."""
    return project_contents(project)


@pytest.mark.timeout(600, func_only=True)
def test_the_comparison_finds_a_doubled_row_and_a_row_in_anothers_place(project, expected):
    assert all(expected[f"local_analytics.flights_{name}"] for name in FILLED)
    spark = ensure_engine(project, settings=engine_settings(project)).connect()
    silver = "local_analytics.flights_silver.flights"
    first, second = spark.sql(f"SELECT _file_sha256, _row FROM {silver} ORDER BY 1, 2 LIMIT 2").collect()
    this = "_file_sha256 = '{0._file_sha256}' AND _row = {0._row}".format
    spark.sql(f"INSERT INTO {silver} SELECT * FROM {silver} WHERE {this(first)}").collect()
    spark.sql(f"DELETE FROM {silver} WHERE {this(second)}").collect()
    before = {name: rows for name, rows in expected.items() if ".flights_silver." in name}
    found = differences(project_contents(project, layers=["silver"]), before)
    assert {name: sorted(rows.values()) for name, rows in found.items()} == {silver: [-1, 1]}


def _make_schemas(project, prefix):
    """Make the schemas of a prefix, which the bundle does not know: everybody may write them."""
    spark = ensure_engine(project, settings=engine_settings(project)).connect()
    for layer in LAYERS:
        name = f"local_analytics.{prefix}flights_{layer}"
        spark.sql(f"CREATE SCHEMA IF NOT EXISTS {name}").collect()
        spark.sql(f"GRANT ALL PRIVILEGES ON SCHEMA {name} TO `account users`").collect()


@pytest.fixture
def place(project, tmp_path, seed):
    """The project and the prefix of a round; where every kind of process is killed, the first round starts from nothing."""
    if len(VICTIMS) > KILLS or seed != SEED:
        prefix = f"killed{seed}_"
        _make_schemas(project, prefix)
        yield project, prefix
    else:
        folder = small_flights.make_small_flights(tmp_path / "flights")
        yield folder, ""
        stop_engine(folder)


@pytest.mark.timeout(1800, func_only=True)  # the runs of `writes` and `expected` do not count
@pytest.mark.parametrize("seed", range(SEED, SEED + ROUNDS))
def test_running_again_after_kills_neither_loses_nor_doubles_a_row(place, writes, expected, seed):
    (folder, prefix), points = place, draw(seed, writes, KILLS)
    before = set(killing.statuses(folder)) if prefix else set()
    print(f"LAKEWRIGHT_SEED={seed} of {writes}:", *points, sep="\n  ")
    for point in points:
        killing.kill_at(folder, point, prefix)
    killing.finish(folder, prefix)
    assert differences(project_contents(folder, prefix), expected) == {}
    found = [status for run, status in killing.statuses(folder).items() if run not in before]
    ends = ["killed" if point.victim == "runner" else "failed" for point in points]
    assert sorted(found) == sorted([*ends, "success"])
