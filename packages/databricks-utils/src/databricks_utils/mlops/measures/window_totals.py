"""Sums and counts of each window's predictions, computed on Spark: all that ranking, calibration and drift need.

What comes to the driver has one row for each window, model version and bin of its baseline, however many predictions there are. The
sums are exact decimals, so that they depend neither on the order of the rows nor on their partitions.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame, Row

_GROUP = ("start", "model_version")
_BUCKET = (*_GROUP, "bin", "bucket")
_BUCKETS = 1024
_EXACT = "decimal(22,18)"
_SUMS = ("rows", "positives", "negatives", "score_sum", "squared_error", "pairs")


@dataclass(frozen=True)
class WindowTotals:
    """The predictions of one model version in one window of time, as sums.

    Attributes:
        start: The window's first day.
        model_version: The version that scored.
        bins: Number of predictions in each bin of the version's baseline; all predictions count.
        positives: Number of predictions with a score and the outcome 1.
        negatives: Number of predictions with a score and the outcome 0.
        score_sum: Sum of the scores of these predictions.
        squared_error: Sum of the squared distances of score and outcome.
        pairs: Number of pairs of a positive and a negative of which the positive has the higher score; half a pair for equal scores.
    """

    start: date
    model_version: str
    bins: tuple[int, ...]
    positives: int
    negatives: int
    score_sum: float
    squared_error: float
    pairs: float

    @property
    def count(self) -> int:
        """Number of predictions."""
        return sum(self.bins)

    @property
    def labelled(self) -> int:
        """Number of predictions with a score and a known outcome."""
        return self.positives + self.negatives

    @property
    def roc_auc(self) -> float:
        """Area under the ROC curve: the share of pairs in the right order; NaN if only one outcome occurred.

        Source: Hanley and McNeil (1982), Radiology 143: the area is the probability that a random pair is ranked correctly.
        """
        return self.pairs / (self.positives * self.negatives) if self._has_both else float("nan")

    @property
    def brier(self) -> float:
        """Brier score; NaN if only one outcome occurred."""
        return self.squared_error / self.labelled if self._has_both else float("nan")

    @property
    def mean_score(self) -> float:
        """Mean score of the predictions with a known outcome; NaN without one."""
        return self.score_sum / self.labelled if self.labelled else float("nan")

    @property
    def positive_share(self) -> float:
        """Share of positives among them; NaN without one."""
        return self.positives / self.labelled if self.labelled else float("nan")

    @property
    def _has_both(self) -> bool:
        return bool(self.positives and self.negatives)


def total_windows(scored: DataFrame, edges: Mapping[str, Sequence[float]]) -> list[WindowTotals]:
    """Return the totals of each window of each model version, in the order of time.

    Args:
        scored: One row for each prediction: `start` (date), `model_version` (string), `score` (double), `label` (0, 1, or NULL or NaN
            if the outcome is unknown). A prediction without a score (NULL or NaN) counts in the last bin, and in nothing else.
        edges: Model version → the inner edges of its baseline's bins, ascending.
    """
    from pyspark.sql import Window
    from pyspark.sql import functions as F

    below = Window.orderBy("bin", "bucket").rowsBetween(Window.unboundedPreceding, -1).partitionBy(*_GROUP)
    negatives_below = F.coalesce(F.sum("negatives").over(below), F.lit(0))
    counted = _by_bucket(scored, edges).withColumn(
        "pairs", F.col("pairs") + F.col("positives") * negatives_below * 2
    )
    found = counted.groupBy(*_GROUP, "bin").agg(*(F.sum(name).alias(name) for name in _SUMS))
    return _totals(found.orderBy(*_GROUP, "bin").collect(), edges)


def _by_bucket(scored: DataFrame, edges: Mapping[str, Sequence[float]]) -> DataFrame:
    """Return sums of buckets of scores that lie close together; `pairs` are twice the pairs within the bucket.

    Buckets spread the sorting by score over all partitions, also if there is one window only.
    """
    from pyspark.sql import Window
    from pyspark.sql import functions as F

    score = F.coalesce(F.col("score").cast("double"), F.lit(float("nan")))
    label = F.col("label").cast("double")
    rows = scored.select(
        *_GROUP,
        score.alias("score"),
        _bin_of(score, edges).alias("bin"),
        F.when(~F.isnan(score), F.floor(score * _BUCKETS)).alias("bucket"),
        F.when(~F.isnan(score) & ~F.isnan(label), label).alias("label"),
    )
    equal = rows.groupBy(*_BUCKET, "score").agg(
        F.count("*").alias("rows"),
        F.count_if(F.col("label") == 1).alias("positives"),
        F.count_if(F.col("label") == 0).alias("negatives"),
    )
    below = Window.partitionBy(*_BUCKET).orderBy("score").rowsBetween(Window.unboundedPreceding, -1)
    negatives_below = F.coalesce(F.sum("negatives").over(below), F.lit(0))
    each = {
        "pairs": F.col("positives") * (negatives_below * 2 + F.col("negatives")),
        "score_sum": _times(F.col("score"), F.col("positives") + F.col("negatives")),
        "squared_error": _times((1 - F.col("score")) * (1 - F.col("score")), F.col("positives"))
        + _times(F.col("score") * F.col("score"), F.col("negatives")),
    }
    return equal.withColumns(each).groupBy(*_BUCKET).agg(*(F.sum(name).alias(name) for name in _SUMS))


def _bin_of(score: Column, edges: Mapping[str, Sequence[float]]) -> Column:
    """Return the number of edges below a score; NaN is above every edge."""
    from pyspark.sql import functions as F

    own = F.array().cast("array<double>")
    for version, inner in edges.items():
        listed = F.array(*map(F.lit, inner)).cast("array<double>")
        own = F.when(F.col("model_version") == version, listed).otherwise(own)
    return F.size(F.filter(own, lambda edge: edge < score))


def _times(value: Column, rows: Column) -> Column:
    """Return an exact product; 0 for no rows, also of a value that is not a number."""
    from pyspark.sql import functions as F

    return F.when(rows > 0, value.cast(_EXACT) * rows.cast("decimal(16,0)")).otherwise(F.lit(0))


def _totals(rows: Iterable[Row], edges: Mapping[str, Sequence[float]]) -> list[WindowTotals]:
    """Put the bins of each window and version together."""
    totals = []
    for (start, version), group in itertools.groupby(
        rows, key=lambda row: (row["start"], row["model_version"])
    ):
        bins = {row["bin"]: row for row in group}
        sums = {name: sum(row[name] for row in bins.values()) for name in _SUMS}
        totals.append(
            WindowTotals(
                start,
                version,
                tuple(
                    bins[place]["rows"] if place in bins else 0 for place in range(len(edges[version]) + 1)
                ),
                int(sums["positives"]),
                int(sums["negatives"]),
                float(sums["score_sum"]),
                float(sums["squared_error"]),
                int(sums["pairs"]) / 2,
            )
        )
    return totals
