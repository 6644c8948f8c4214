"""The ROC curve and the calibration of a model as points: enough to draw them, however many rows there were."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

_BINS = 10
_MOST_POINTS = 200


@dataclass(frozen=True)
class Curves:
    """How a model ranks some rows, and how far its scores are from what happened.

    Attributes:
        false_positive_rate: Of the points of the ROC curve, ascending, 0 to 1; at most 200 points.
        true_positive_rate: Of the same points.
        roc_auc: Area under the whole curve.
        mean_score: Of bins with about the same number of rows, ascending.
        positive_share: Share of positives in the same bins.
    """

    false_positive_rate: tuple[float, ...]
    true_positive_rate: tuple[float, ...]
    roc_auc: float
    mean_score: tuple[float, ...]
    positive_share: tuple[float, ...]

    @classmethod
    def of(cls, labels: Sequence[int] | np.ndarray[Any, Any], scores: np.ndarray[Any, Any]) -> Curves:
        """Return the curves of scores.

        Args:
            labels: 0 or 1, one for each row; both must occur.
            scores: Probability of 1, one for each row.
        """
        import numpy as np
        from sklearn.calibration import calibration_curve
        from sklearn.metrics import roc_auc_score, roc_curve

        false, true, _ = roc_curve(labels, scores)
        kept = np.unique(np.linspace(0, len(false) - 1, min(len(false), _MOST_POINTS)).round().astype(int))
        share, mean = calibration_curve(labels, scores, n_bins=_BINS, strategy="quantile")
        return cls(
            tuple(map(float, false[kept])),
            tuple(map(float, true[kept])),
            float(roc_auc_score(labels, scores)),
            tuple(map(float, mean)),
            tuple(map(float, share)),
        )
