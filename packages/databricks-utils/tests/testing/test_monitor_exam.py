"""Bounds of monitoring that notice nothing, or everything, are found."""

import pytest

from databricks_utils.mlops import MonitorBounds
from databricks_utils.testing import assert_monitoring_notices

pytestmark = pytest.mark.unit


def check(*, drift_threshold=0.25, **changes):
    bounds = {"minimum_roc_auc": 0.66, "maximum_calibration_gap": 0.05, **changes}
    assert_monitoring_notices(MonitorBounds(**bounds), drift_threshold=drift_threshold)


def test_bounds_that_notice_each_decay_are_left_alone():
    check()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"minimum_roc_auc": 0.5}, "a window whose `roc_auc` is bad"),
        ({"maximum_calibration_gap": 0.5}, "a window whose `calibration_gap` is bad"),
        ({"drift_threshold": 25.0}, "a window whose `population_stability_index` is bad"),
        ({"minimum_roc_auc": 1.0}, "a healthy window violates roc_auc"),
        ({"drift_threshold": 0.000001}, "a healthy window violates population_stability_index"),
    ],
)
def test_bounds_that_notice_nothing_or_everything_are_found(changes, message):
    with pytest.raises(AssertionError, match=message):
        check(**changes)
