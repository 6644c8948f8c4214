"""Show that monitoring notices: windows of a healthy model break no bound, and each kind of decay breaks its own."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from databricks_utils.mlops import MonitorBounds, WindowPerformance

_ROWS = 1500
_VERSION = "1"
_RANKED = 0.15  # of the rows in the window that hardly ranks


def assert_monitoring_notices(bounds: MonitorBounds, *, drift_threshold: float) -> None:
    """Assert that the bounds of monitoring pass a healthy window, and that each refuses a decayed one.

    The healthy model knows the true probability of each row. The decayed windows, and the measure that must break its bound:
    scores that hardly rank (a ROC AUC of about 0.55: `roc_auc`), a mean score that is 0.2 too high (`calibration_gap`), and scores
    of which nine in ten are the same (`population_stability_index`).

    Args:
        bounds: The bounds for each window, `monitor` of the model's settings.
        drift_threshold: `monitoring.drift_threshold` of the configuration.

    Raises:
        AssertionError: A bound refuses the healthy window, or does not refuse the decayed one that it is for.
    """
    windows = _measured(bounds, drift_threshold)
    healthy = windows.pop("healthy")
    assert not healthy.violations, f"a healthy window violates {', '.join(healthy.violations)}: {healthy}"
    for name, window in windows.items():
        assert name in window.violations, f"a window whose `{name}` is bad does not violate it: {window}"


def _measured(bounds: MonitorBounds, drift_threshold: float) -> dict[str, WindowPerformance]:
    import numpy as np

    from databricks_utils.mlops import ScoreHistogram, measure_windows

    generator = np.random.default_rng(1)
    truth = generator.beta(0.8, 0.8, _ROWS) * 0.8
    labels = (generator.uniform(size=_ROWS) < truth).astype(int)
    baseline = ScoreHistogram.of(generator.beta(0.8, 0.8, _ROWS) * 0.8)
    shuffled = np.where(generator.uniform(size=_ROWS) < _RANKED, truth, generator.permutation(truth))
    same = truth.copy()
    same[: _ROWS * 9 // 10] = truth.mean()
    scores = {
        "healthy": truth,
        "roc_auc": shuffled,
        "calibration_gap": truth + 0.2,
        "population_stability_index": same,
    }
    return {
        name: measure_windows(
            _frame(values, labels), {_VERSION: baseline}, bounds, drift_threshold=drift_threshold
        )[0]
        for name, values in scores.items()
    }


def _frame(scores: np.ndarray[Any, Any], labels: np.ndarray[Any, Any]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(
        {"start": date(2024, 1, 1), "model_version": _VERSION, "score": scores, "label": labels.astype(float)}
    )
