"""ROC AUC of weighted rows, and the uplift of a candidate over the champion with its confidence interval."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray


@dataclass(frozen=True)
class Uplift:
    """The difference of two models' ROC AUC on the same rows.

    Attributes:
        estimate: Candidate minus champion.
        lower: Lower bound of the two-sided confidence interval.
        upper: Its upper bound.
    """

    estimate: float
    lower: float
    upper: float


class RankedScores:
    """Scores of one model, sorted once, so that the AUC for each of many weightings needs only one pass.

    Source: the AUC is the probability that a positive row scores above a negative one, ties counting half
    (Hanley and McNeil, 1982).
    """

    def __init__(self, labels: "Array", scores: "Array") -> None:
        import numpy as np

        self._order = np.argsort(scores, kind="mergesort")
        ordered = scores[self._order]
        self._positive = labels[self._order] == 1
        self._starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])

    def auc(self, weights: "Array") -> float:
        """Return the AUC with the given weight of each row, in the rows' original order."""
        import numpy as np

        ordered = weights[self._order]
        positive = np.add.reduceat(ordered * self._positive, self._starts)
        negative = np.add.reduceat(ordered * ~self._positive, self._starts)
        below = np.cumsum(negative) - negative
        pairs = positive.sum() * negative.sum()
        return float((positive * (below + negative / 2)).sum() / pairs) if pairs else float("nan")


def paired_uplift(  # noqa: PLR0913 - two models, the truth, and three knobs that must be named
    labels: "Array", candidate: "Array", champion: "Array", *, resamples: int, confidence: float, seed: int
) -> Uplift:
    """Bootstrap the uplift in ROC AUC: both models are judged on the same resampled rows.

    Args:
        labels: 0 or 1, one for each row.
        candidate: The candidate's scores.
        champion: The champion's scores.
        resamples: Number of bootstrap samples.
        confidence: Confidence of the two-sided percentile interval, 0 to 1.
        seed: The same seed gives the same interval.

    Source: Efron and Tibshirani, An Introduction to the Bootstrap (1993), chapter 13 (percentile interval).
    """
    import numpy as np

    generator = np.random.default_rng(seed)
    rows = len(labels)
    ranked = [RankedScores(labels, scores) for scores in (candidate, champion)]
    everyone = np.ones(rows)
    differences = []
    for _ in range(resamples):
        weights = np.bincount(generator.integers(0, rows, rows), minlength=rows).astype(float)
        differences.append(ranked[0].auc(weights) - ranked[1].auc(weights))
    tail = (1 - confidence) / 2
    lower, upper = np.nanquantile(differences, [tail, 1 - tail])
    return Uplift(ranked[0].auc(everyone) - ranked[1].auc(everyone), float(lower), float(upper))
