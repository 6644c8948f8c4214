"""A window that leaves its bounds is named, and a new model is due when enough of the latest ones do."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from databricks_utils.mlops import (
    Grain,
    MonitorBounds,
    ScoreHistogram,
    WindowPerformance,
    advise,
    measure_windows,
)
from databricks_utils.mlops.metrics import measure

pytestmark = pytest.mark.unit
BOUNDS = MonitorBounds(minimum_roc_auc=0.6, maximum_calibration_gap=0.1)
ROWS = 2000


def scored(start, *, shift=0.0, label=None, version="1"):
    """Return predictions that are true probabilities, moved by a shift afterwards."""
    generator = np.random.default_rng(7)
    truth = generator.beta(2, 5, ROWS)
    labels = (generator.uniform(size=ROWS) < truth).astype(float) if label is None else label
    scores = np.clip(truth + shift, 0, 1)
    return pd.DataFrame({"start": start, "model_version": version, "score": scores, "label": labels})


BASELINES = {"1": ScoreHistogram.of(np.random.default_rng(8).beta(2, 5, ROWS))}
JULY, AUGUST = date(2013, 7, 1), date(2013, 8, 1)


def measured(*frames):
    return measure_windows(pd.concat(frames), BASELINES, BOUNDS, drift_threshold=0.25)


def test_windows_come_in_the_order_of_time_and_good_ones_violate_nothing():
    windows = measured(scored(AUGUST), scored(JULY))
    assert [window.start for window in windows] == [JULY, AUGUST]
    assert [window.violations for window in windows] == [(), ()]
    assert windows[0].roc_auc > 0.6
    assert abs(windows[0].calibration_gap) < 0.05
    assert windows[0].mean_score == pytest.approx(scored(JULY)["score"].mean())


def test_shifted_scores_violate_calibration_and_stability():
    assert measured(scored(JULY, shift=0.3))[0].violations == (
        "calibration_gap",
        "population_stability_index",
    )


def test_scores_that_do_not_rank_violate_the_ranking():
    labels = np.random.default_rng(1).permutation(np.repeat([0.0, 0.0, 0.0, 1.0], ROWS // 4))
    assert measured(scored(JULY, label=labels))[0].violations == ("roc_auc",)


def test_outcomes_that_are_not_known_yet_are_no_violation():
    window = measured(scored(JULY, label=np.full(ROWS, np.nan)))[0]
    assert (window.count, window.labelled, window.violations) == (ROWS, 0, ())
    assert np.isnan([window.roc_auc, window.brier, window.mean_score, window.positive_share]).all()


def test_a_prediction_without_a_score_counts_in_drift_and_in_no_measure_of_outcomes():
    frame = scored(JULY)
    broken = frame.assign(score=frame["score"].where(frame.index >= 500))
    window = measured(broken)[0]
    assert (window.count, window.labelled) == (ROWS, ROWS - 500)
    assert window.mean_score == pytest.approx(frame["score"][500:].mean())
    assert "population_stability_index" in window.violations


def test_the_metrics_of_a_training_are_those_of_scikit_learn():
    metrics = measure(np.array([0, 0, 1, 1]), np.array([0.1, 0.4, 0.35, 0.8]))
    assert metrics.roc_auc == 0.75
    assert metrics.brier == pytest.approx((0.01 + 0.16 + 0.4225 + 0.04) / 4)
    assert metrics.calibration_gap == pytest.approx(0.4125 - 0.5)
    assert metrics.brier_skill == pytest.approx(1 - metrics.brier / 0.25)
    assert metrics.log_loss > 0


def windows_of(*broken):
    return [
        WindowPerformance(
            date(2013, month, 1), "1", 1, 1, 0.2, 0.2, 0.7, 0.1, 0.0, ("roc_auc",) if bad else ()
        )
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
def test_retraining_is_due_if_two_of_the_last_five_windows_and_the_newest_are_bad(broken, due):
    assert advise(windows_of(*broken), latest=5, violations=2).due is due


def unknown(month, *violations):
    """A window whose outcomes are not known yet; of the bounds, it can only violate that of the drift."""
    nan = float("nan")
    return WindowPerformance(date(2013, month, 1), "1", 9, 0, nan, nan, nan, nan, 0.3, violations)


@pytest.mark.parametrize(
    ("windows", "due"),
    [
        ([*windows_of(0, 0, 1, 1), unknown(5)], True),
        ([*windows_of(0, 0, 1, 1), unknown(5), unknown(6)], True),
        ([*windows_of(0, 1, 1, 0), unknown(5)], False),
        ([*windows_of(0, 0, 0, 1), unknown(5)], False),
        ([*windows_of(0, 0, 1, 0), unknown(5, "population_stability_index")], True),
        ([*windows_of(0, 0, 0, 0), unknown(5, "population_stability_index")], False),
        ([*windows_of(1, 1, 0, 0, 0, 0, 1), unknown(8)], False),  # the first two are too old to count
        (
            [unknown(1), unknown(2, "population_stability_index"), unknown(3, "population_stability_index")],
            True,
        ),
        ([unknown(1), unknown(2)], False),
    ],
)
def test_a_newest_window_without_outcomes_does_not_hide_the_bad_ones_before_it(windows, due):
    assert advise(windows, latest=5, violations=2).due is due


def test_the_advice_names_the_newest_judged_window_and_the_later_ones():
    advice = advise([*windows_of(0, 1, 1), unknown(4)], latest=5, violations=2)
    assert advice.reason == (
        "2 of the last 4 windows violate a bound, 2013-03 violates roc_auc, "
        "2013-04 violates none (no outcome is known yet)"
    )


def test_a_late_row_that_another_version_predicted_decides_nothing():
    late = WindowPerformance(
        date(2013, 2, 1), "2", 1, 1, 0.9, 0.0, float("nan"), float("nan"), 9.0, ("calibration_gap",)
    )
    month = [replace(window, count=100) for window in windows_of(0, 0, 1)]
    advice = advise([*month[:2], late, month[2]], latest=5, violations=2)
    assert str(advice) == (
        "retraining is not due: 1 of the last 3 windows violate a bound, 2013-03 violates roc_auc"
    )


def test_one_window_may_be_enough():
    assert advise(windows_of(0, 1), latest=1, violations=1).due
    assert not advise(windows_of(1, 0), latest=1, violations=1).due


def test_an_advice_gives_its_reason():
    advice = advise(windows_of(1, 0, 1), latest=5, violations=2)
    assert str(advice) == (
        "retraining is due: 2 of the last 3 windows violate a bound, 2013-03 violates roc_auc"
    )
    assert (
        "2013-03-01 violates" in advise(windows_of(1, 0, 1), latest=5, violations=2, grain=Grain.WEEK).reason
    )
    assert str(advise((), latest=5, violations=2)) == "retraining is not due: no window has been scored yet"
