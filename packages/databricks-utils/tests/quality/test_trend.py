"""The newest run is unusual if it is outside of what the median and the distances of earlier runs suggest."""

from datetime import UTC, datetime, timedelta

import pytest

from databricks_utils.quality import Point, trend_of

pytestmark = pytest.mark.unit

FIRST = datetime(2026, 1, 1, tzinfo=UTC)


def points(*numbers):
    return [Point(f"run_{day}", FIRST + timedelta(days=day), number) for day, number in enumerate(numbers)]


@pytest.mark.parametrize(
    ("numbers", "is_share", "unusual"),
    [
        ((0.01, 0.012, 0.009, 0.011, 0.01, 0.0105), True, False),
        ((0.01, 0.012, 0.009, 0.011, 0.01, 0.05), True, True),
        ((0.01, 0.012, 0.9, 0.011, 0.01, 0.05), True, True),  # one odd run hides nothing
        ((0.0, 0.0, 0.0, 0.0, 0.0, 0.0009), True, False),  # a tenth of a percent is no news
        ((0.0, 0.0, 0.0, 0.0, 0.0, 0.002), True, True),
        ((100.0, 100.0, 100.0, 100.0, 100.0, 100.9), False, False),  # one percent of the median
        ((100.0, 100.0, 100.0, 100.0, 100.0, 98.0), False, True),
        ((-100.0, -100.0, -100.0, -100.0, -100.0, -98.0), False, True),
        ((1.0, 2.0, 3.0, 4.0, 5.0, None), False, True),  # no value where there always was one
        ((1.0, None, 3.0, 4.0, 5.0, 900.0), False, False),  # four earlier values are too few
        ((100.0, 100.0, 100.0, 100.0, 100.0, float("nan"), 100.1), False, False),
        ((100.0, 100.0, 100.0, 100.0, 100.0, float("nan"), float("inf"), 98.0), False, True),
        ((1.0, 2.0, 3.0, 4.0, float("nan"), 900.0), False, False),  # four earlier values are too few
        ((1.0, 2.0, 3.0, 4.0, 5.0, float("nan")), False, True),
        ((1.0, 1.0, float("inf"), float("inf"), 1.0, 1.0, 1.0, 1.0), False, False),  # no number, as NULL
        ((1.0, 1.0, 1.0, 1.0, 1.0, float("nan")), False, True),
        ((), True, False),
    ],
)
def test_a_run_is_unusual_only_outside_of_the_earlier_ones(numbers, is_share, unusual):
    assert trend_of(points(*numbers), is_share=is_share).is_unusual is unusual


def test_the_range_is_the_median_and_three_scaled_distances():
    found = trend_of(points(1.0, 2.0, 3.0, 4.0, 5.0, 9.0), is_share=False)
    assert found.usual == (3 - 3 * 1.4826, 3 + 3 * 1.4826)
    assert str(found) == "9 in run run_5 is unusual: earlier runs suggest -1.4478 to 7.4478"
    assert (
        str(trend_of(points(1.0), is_share=False)) == "1 in run run_0; too few earlier runs to compare with"
    )
    assert str(trend_of((), is_share=False)) == "no runs"
