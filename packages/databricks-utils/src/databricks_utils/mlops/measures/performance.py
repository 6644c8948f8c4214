"""Measures of the predictions of each window: rows, ranking, calibration, and the shift of the scores."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, cast

from databricks_utils.mlops.declaration.settings import MonitorBounds
from databricks_utils.mlops.measures.drift import ScoreHistogram
from databricks_utils.mlops.measures.window_totals import WindowTotals

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class WindowPerformance:
    """The predictions of one model version in one window of time.

    Attributes:
        start: The window's first day.
        model_version: The version that scored.
        count: Number of predictions.
        labelled: Number of predictions with a score and a known outcome.
        mean_score: Mean score of the labelled predictions.
        positive_share: Share of positives among the labelled predictions.
        roc_auc: ROC AUC; NaN if only one outcome occurred.
        brier: Brier score; NaN if only one outcome occurred.
        population_stability_index: Index of all scores against those on the test windows.
        violations: Names of the measures that are out of bounds.
    """

    start: date
    model_version: str
    count: int
    labelled: int
    mean_score: float
    positive_share: float
    roc_auc: float
    brier: float
    population_stability_index: float
    violations: tuple[str, ...] = ()

    @property
    def calibration_gap(self) -> float:
        """Mean score minus the share of positives."""
        return self.mean_score - self.positive_share


def judge_windows(
    totals: Iterable[WindowTotals],
    baselines: Mapping[str, ScoreHistogram],
    bounds: MonitorBounds,
    *,
    drift_threshold: float,
) -> list[WindowPerformance]:
    """Return the measures of windows from their totals, with the bounds that they violate.

    Args:
        totals: The result of `total_windows`.
        baselines: Model version → its scores on the test windows.
        bounds: The bounds of ranking and calibration.
        drift_threshold: A population stability index of this value or more is a violation.
    """
    return [
        _judged(
            WindowPerformance(
                each.start,
                each.model_version,
                each.count,
                each.labelled,
                each.mean_score,
                each.positive_share,
                each.roc_auc,
                each.brier,
                baselines[each.model_version].index_of(each.bins),
            ),
            bounds,
            drift_threshold,
        )
        for each in totals
    ]


def measure_windows(
    scored: pd.DataFrame,
    baselines: Mapping[str, ScoreHistogram],
    bounds: MonitorBounds,
    *,
    drift_threshold: float,
) -> list[WindowPerformance]:
    """Measure each window of each model version in memory, in the order of time; for tests and for few predictions.

    `monitor` measures on Spark, with `total_windows` and `judge_windows`. These are the same figures, from scikit-learn.

    Args:
        scored: One row for each prediction: `start` (date), `model_version`, `score`, `label` (0, 1, or missing if the
            outcome is unknown).
        baselines: Model version → its scores on the test windows.
        bounds: The bounds of ranking and calibration.
        drift_threshold: A population stability index of this value or more is a violation.
    """
    groups = scored.sort_values(["start", "model_version"]).groupby(["start", "model_version"], sort=True)
    return [
        _judged(_measured(key, group, baselines[key[1]]), bounds, drift_threshold)
        for key, group in cast("Iterable[tuple[tuple[date, str], pd.DataFrame]]", groups)
    ]


def _measured(key: tuple[date, str], group: pd.DataFrame, baseline: ScoreHistogram) -> WindowPerformance:
    import numpy as np
    from sklearn.metrics import brier_score_loss, roc_auc_score

    known = group[group["label"].notna() & group["score"].notna()]
    labels, scores = known["label"].to_numpy(dtype=float), known["score"].to_numpy(dtype=float)
    both = len(np.unique(labels)) > 1
    nan = float("nan")
    auc = float(roc_auc_score(labels, scores)) if both else nan
    brier = float(brier_score_loss(labels, scores)) if both else nan
    mean, share = (float(scores.mean()), float(labels.mean())) if len(known) else (nan, nan)
    index = baseline.population_stability_index(group["score"].to_numpy(dtype=float))
    return WindowPerformance(*key, len(group), len(known), mean, share, auc, brier, index)


def _judged(window: WindowPerformance, bounds: MonitorBounds, drift_threshold: float) -> WindowPerformance:
    """Add the names of the measures that are out of bounds; a measure that is NaN is not."""
    violations = {
        "roc_auc": window.roc_auc < bounds.minimum_roc_auc,
        "calibration_gap": abs(window.calibration_gap) > bounds.maximum_calibration_gap,
        "population_stability_index": window.population_stability_index >= drift_threshold,
    }
    return replace(window, violations=tuple(name for name, violated in violations.items() if violated))
