"""Both algorithms learn from every declared feature, and the declaration names the right columns."""

import pytest
from databricks_utils.context import open_context
from databricks_utils.testing import assert_learns

from flights.training.late_arrival import COLUMNS, late_arrival

pytestmark = pytest.mark.unit


@pytest.fixture
def model(lakehouse_project):
    """Return the model's declaration with the settings of the local environment."""
    return late_arrival(open_context("local", lakehouse_project / "config"))


@pytest.mark.parametrize("role", ["baseline", "challenger"])
def test_an_algorithm_learns_from_every_feature(model, role):
    assert_learns(getattr(model, role), COLUMNS)


def test_the_challenger_is_not_the_baseline(model):
    assert type(model.baseline.build()[-1]) is not type(model.challenger.build()[-1])


def test_the_flights_of_a_day_are_drawn_together_by_the_gate(model):
    assert model.columns.group == "flight_date"


def test_a_prediction_says_when_it_was_made(model):
    assert "predicted_at" in model.columns.carried
