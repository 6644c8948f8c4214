"""Retraining is due when enough of the latest windows violate a bound, the newest among them."""

from datetime import date

import pytest

from flights.monitoring.performance import Window
from flights.monitoring.retraining import advise

pytestmark = pytest.mark.unit


def windows(*broken):
    return [
        Window(date(2013, month, 1), "1", 1, 1, 0.2, 0.2, 0.7, 0.1, 0.0, ("roc_auc",) if bad else ())
        for month, bad in enumerate(broken, start=1)
    ]


@pytest.mark.parametrize(
    ("broken", "due"),
    [
        ((), False),
        ((0, 0, 0, 0, 1), False),
        ((1, 1, 1, 1, 0), False),
        ((0, 1, 0, 0, 1), True),
        ((1, 0, 0, 0, 0, 1), False),
    ],
)
def test_two_of_the_last_five_and_the_newest(broken, due):
    assert advise(windows(*broken), latest=5, violations=2).due is due
