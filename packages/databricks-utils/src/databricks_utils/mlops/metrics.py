"""The metrics of a classifier on rows whose outcome is known: the one home of their formulas."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True)
class Metrics:
    """What was measured on some rows.

    Attributes:
        roc_auc: Area under the ROC curve, 0 to 1.
        brier: Brier score: the mean squared error of the probability.
        log_loss: Cross-entropy.
        mean_score: Mean of the scores.
        share: Share of positives.
    """

    roc_auc: float
    brier: float
    log_loss: float
    mean_score: float
    share: float

    @property
    def brier_of_constant(self) -> float:
        """The Brier score of the best constant: the share of positives."""
        return self.share * (1 - self.share)

    @property
    def brier_skill(self) -> float:
        """The share by which the Brier score is below that of the constant; 0 for the constant, 1 for a perfect model.

        Source: Brier skill score: Wilks, Statistical Methods in the Atmospheric Sciences (2011), section 8.4.
        """
        return 1 - self.brier / self.brier_of_constant

    @property
    def calibration_gap(self) -> float:
        """Mean score minus the share of positives."""
        return self.mean_score - self.share

    def as_dict(self) -> dict[str, float]:
        """Return the metrics that a run logs and a report shows."""
        names = ("roc_auc", "brier", "brier_skill", "log_loss", "calibration_gap")
        return {name: getattr(self, name) for name in names}


def measure(labels: np.ndarray[Any, Any], scores: np.ndarray[Any, Any]) -> Metrics:
    """Return the metrics of some scores.

    Args:
        labels: 0 or 1, one for each row; both must occur.
        scores: Probability of 1, one for each row.
    """
    import numpy as np
    from sklearn.metrics import brier_score_loss, log_loss, roc_auc_score

    return Metrics(
        float(roc_auc_score(labels, scores)),
        float(brier_score_loss(labels, scores)),
        float(log_loss(labels, scores)),
        float(np.mean(scores)),
        float(np.mean(labels)),
    )
