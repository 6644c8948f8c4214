"""ROC AUC of weighted rows, and the uplift of a candidate over the champion with its confidence interval."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]


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


def paired_uplift(  # noqa: PLR0913 - two models, the truth, what belongs together, and three named settings
    labels: "Array",
    candidate: "Array",
    champion: "Array",
    *,
    groups: "Array | None" = None,
    resamples: int,
    confidence: float,
    seed: int,
) -> Uplift:
    """Bootstrap the uplift in ROC AUC: both models are judged on the same resampled rows.

    Rows of one group are drawn together. Rows that share a cause (the flights of a stormy day) are not independent; drawn
    one by one, they give an interval that is several times too narrow.

    Args:
        labels: 0 or 1, one for each row.
        candidate: The candidate's scores.
        champion: The champion's scores.
        groups: The group of each row, e.g. its day; None if all rows are independent.
        resamples: Number of bootstrap samples.
        confidence: Confidence of the two-sided percentile interval, 0 to 1.
        seed: The same seed gives the same interval.

    Source: Efron and Tibshirani, An Introduction to the Bootstrap (1993), chapter 13 (percentile interval); Davison and
        Hinkley, Bootstrap Methods and their Application (1997), section 3.8 (resampling of whole clusters).
    """
    import numpy as np

    generator = np.random.default_rng(seed)
    group_of_row = np.arange(len(labels)) if groups is None else np.unique(groups, return_inverse=True)[1]
    count = int(group_of_row.max()) + 1
    ranked = [RankedScores(labels, scores) for scores in (candidate, champion)]
    everyone = np.ones(len(labels))
    differences = []
    for _ in range(resamples):
        drawn = np.bincount(generator.integers(0, count, count), minlength=count).astype(float)
        weights = drawn[group_of_row]
        differences.append(ranked[0].auc(weights) - ranked[1].auc(weights))
    tail = (1 - confidence) / 2
    lower, upper = np.nanquantile(differences, [tail, 1 - tail])
    return Uplift(ranked[0].auc(everyone) - ranked[1].auc(everyone), float(lower), float(upper))
