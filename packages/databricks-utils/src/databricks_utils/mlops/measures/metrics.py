"""The metrics of a classifier on rows whose outcome is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np


def measure(labels: np.ndarray, scores: np.ndarray) -> dict[str, float]:
    """Return ROC AUC, Brier score, log loss, and the calibration gap: mean score minus the share of positives.

    Args:
        labels: 0 or 1, one for each row; both must occur.
        scores: Probability of 1, one for each row.
    """
    import numpy as np
    from sklearn.metrics import brier_score_loss, log_loss, roc_auc_score

    return {
        "roc_auc": float(roc_auc_score(labels, scores)),
        "brier": float(brier_score_loss(labels, scores)),
        "log_loss": float(log_loss(labels, scores)),
        "calibration_gap": float(np.mean(scores) - np.mean(labels)),
    }
