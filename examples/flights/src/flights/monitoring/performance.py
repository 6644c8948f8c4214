"""How the predictions of each month held: rows, ranking, calibration, and the shift of the scores."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from databricks_utils.mlops import ScoreHistogram
from sklearn.metrics import brier_score_loss, roc_auc_score

from flights.settings import Monitor


@dataclass(frozen=True)
class Window:
    """One month of predictions of one model version.

    Attributes:
        month: Its first day.
        model_version: Who scored.
        count: Predictions.
        labelled: Those whose outcome is known.
        mean_score: Of the labelled.
        late_share: Share of late flights among the labelled.
        roc_auc: NaN where only one outcome occurred.
        brier: Brier score.
        population_stability_index: Of all scores against those on the validation months.
        violations: What was outside of its bounds.
    """

    month: date
    model_version: str
    count: int
    labelled: int
    mean_score: float
    late_share: float
    roc_auc: float
    brier: float
    population_stability_index: float
    violations: tuple[str, ...]

    @property
    def calibration_gap(self) -> float:
        """Mean score minus the share of late flights."""
        return self.mean_score - self.late_share


def measure_windows(
    scored: pd.DataFrame, baselines: Mapping[str, ScoreHistogram], bounds: Monitor, *, drift_threshold: float
) -> list[Window]:
    """Measure each month of each model version.

    Args:
        scored: One row a prediction: `month`, `model_version`, `score`, `late` (0, 1, or missing where it is not known).
        baselines: Model version → its scores on the validation months.
        bounds: When ranking or calibration counts as a violation.
        drift_threshold: From which index on the scores count as shifted.
    """
    groups = scored.sort_values(["month", "model_version"]).groupby(["month", "model_version"], sort=True)
    return [
        _measure(month, version, group, baselines[version], bounds, drift_threshold)
        for (month, version), group in groups
    ]


def _measure(
    month: date, version: str, group: pd.DataFrame, baseline: ScoreHistogram, bounds: Monitor, drift_threshold: float
) -> Window:
    known = group[group["late"].notna()]
    labels, scores = known["late"].to_numpy(dtype=float), known["score"].to_numpy(dtype=float)
    ranks = len(np.unique(labels)) > 1
    auc = float(roc_auc_score(labels, scores)) if ranks else float("nan")
    mean, share = (float(scores.mean()), float(labels.mean())) if len(known) else (float("nan"), float("nan"))
    index = baseline.population_stability_index(group["score"].to_numpy())
    violations = {
        "roc_auc": auc < bounds.minimum_roc_auc,
        "calibration_gap": abs(mean - share) > bounds.maximum_calibration_gap,
        "population_stability_index": index >= drift_threshold,
    }
    brier = float(brier_score_loss(labels, scores)) if ranks else float("nan")
    broken = tuple(name for name, violated in violations.items() if violated)
    return Window(month, version, len(group), len(known), mean, share, auc, brier, index, broken)
