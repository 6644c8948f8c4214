"""The flights project with few rows: whatever process is killed in the middle, the same command again completes the run.

Where to kill is drawn from a seed; `LAKEWRIGHT_SEED=7` repeats a draw, `LAKEWRIGHT_KILL_ROUNDS=10` makes ten of them, three kills
each.
"""

import os
import random

import pytest
import small_flights
import strikes
from kill_points import draw

from lakewright.engine import ensure_engine, stop_engine
from lakewright.interactive import engine_settings

pytestmark = [pytest.mark.integration, pytest.mark.slow]

SEED = int(os.environ.get("LAKEWRIGHT_SEED") or random.SystemRandom().randrange(10_000))
ROUNDS = int(os.environ.get("LAKEWRIGHT_KILL_ROUNDS") or 1)
# What a crash may neither lose nor double, and what must be the same rows in the end, not only as many.
CHECKS = {
    "bronze": "SELECT count(*), count(DISTINCT _file_sha256, _row) FROM {bronze}.flights",
    "weather": "SELECT count(*), count(DISTINCT _file_sha256, _row) FROM {bronze}.weather",
    "checked": "SELECT count(*), count(DISTINCT _file_sha256, _row) FROM {silver}.flights_checked",
    "silver": "SELECT count(*), count(DISTINCT flight_date, carrier, flight_number, origin), sum(hash(carrier, flight_number, "
    "flight_date, arrival)) FROM {silver}.flights",
    "quarantine": "SELECT count(*) FROM {quarantine}.flights",
    "enriched": "SELECT count(*), count(DISTINCT flight_date, carrier, flight_number, origin) FROM {silver}.flights_enriched",
    "gold": "SELECT count(*), sum(hash(*)) FROM {gold}.delays_by_carrier_route_day",
    "features": "SELECT count(*), sum(hash(*)) FROM {features}.flight_features",
    "predictions": "SELECT count(*), count(DISTINCT flight_date, carrier, flight_number, origin), round(sum(score), 6), "
    "count(DISTINCT model_version) FROM {gold}.predictions",
    "profile": "SELECT count(*), count(DISTINCT window, model_id, column_name) FROM {ops}.profile_metrics",
    "drift": "SELECT count(*), count(DISTINCT window, model_id, column_name) FROM {ops}.drift_metrics",
}


def _tables(project):
    spark = ensure_engine(project, settings=engine_settings(project)).connect()
    layers = ("bronze", "silver", "quarantine", "gold", "features", "ops")
    schemas = {layer: f"local_analytics.flights_{layer}" for layer in layers}
    return {name: tuple(spark.sql(query.format(**schemas)).collect()[0]) for name, query in CHECKS.items()}


@pytest.fixture(scope="module")
def calm(tmp_path_factory):
    """A project whose run had no accident, and how many writes each of its tasks made."""
    project = small_flights.make_small_flights(tmp_path_factory.mktemp("calm") / "flights")
    yield project, strikes.count_writes(project)
    stop_engine(project)


@pytest.fixture(scope="module")
def expected(calm):
    """What its tables hold; its engine is ended while other projects are tried."""
    found = _tables(calm[0])
    stop_engine(calm[0])
    return found


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("seed", range(SEED, SEED + ROUNDS))
def test_running_again_after_kills_neither_loses_nor_doubles_a_row(tmp_path, calm, expected, seed):
    points = draw(seed, calm[1])
    print(f"LAKEWRIGHT_SEED={seed} of {calm[1]}:", *points, sep="\n  ")
    project = small_flights.make_small_flights(tmp_path / "flights")
    try:
        for point in points:
            strikes.strike(project, point)
        strikes.finish(project)
        assert _tables(project) == expected
        assert sorted(strikes.statuses(project)) == ["failed", "failed", "killed", "success"]
    finally:
        stop_engine(project)


def test_the_check_in_this_file_finds_a_doubled_row(calm, expected):
    spark = ensure_engine(calm[0], settings=engine_settings(calm[0])).connect()
    silver = "local_analytics.flights_silver.flights"
    spark.sql(f"INSERT INTO {silver} SELECT * FROM {silver} LIMIT 1").collect()
    assert _tables(calm[0])["silver"] != expected["silver"]
