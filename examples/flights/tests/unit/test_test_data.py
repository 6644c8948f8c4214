"""The made-up files of the job `test_job`: they fit the declared sources, and hold what a model can learn."""

from collections import Counter
from pathlib import Path

import pytest
from databricks_utils.config import ConfigLoader
from databricks_utils.medallion import declared_in
from rows import FLIGHTS

from flights.ingestion.test_data import INVALID, REPEATED, drops
from flights.settings import FlightsSettings

pytestmark = pytest.mark.unit
CONFIG = Path(__file__).parents[2] / "config"


@pytest.fixture(scope="module")
def periods():
    return ConfigLoader.load("local", CONFIG).extra_as(FlightsSettings).periods


def test_every_source_is_delivered_in_its_own_columns(periods):
    made = drops(periods)
    assert set(made) == {entity.source for entity in declared_in("flights.transformations").entities}
    for source, records in made.items():
        assert {name for record in records for name in record} <= set(source.columns)


def test_every_month_of_every_period_has_late_and_punctual_flights(periods):
    flights = drops(periods)[FLIGHTS]
    late = Counter((int(flight["month"]), int(flight["arr_delay"]) > 15) for flight in flights)
    for month in range(periods.train.first.month, periods.score.last.month + 1):
        assert min(late[month, True], late[month, False]) >= 30  # what the gate needs


def test_one_flight_is_invalid_and_one_is_repeated(periods):
    flights = drops(periods)[FLIGHTS]
    keys = Counter(tuple(sorted(flight.items())) for flight in flights)
    assert sum(count - 1 for count in keys.values()) == REPEATED
    assert sum(flight["dest"] not in {"MIA"} for flight in flights) == INVALID
