"""What the prediction table holds: rows, mean score and spread of the scores, window by window."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from databricks_utils.mlops.declaration.columns import Columns

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

BINS = 20


@dataclass(frozen=True)
class ScoredWindow:
    """The predictions of one model version in one window of time.

    Attributes:
        start: The window's first day.
        model_version: The version that scored.
        count: Predictions.
        mean_score: 0 to 1.
        bins: Predictions in each of twenty equal parts of 0 to 1.
    """

    start: date
    model_version: str
    count: int
    mean_score: float
    bins: tuple[int, ...]


def scored_windows(predictions: DataFrame, columns: Columns) -> tuple[ScoredWindow, ...]:
    """Summarise predictions, in the order of time.

    Args:
        predictions: Rows of the prediction table.
        columns: Names the window.
    """
    from pyspark.sql import functions as F  # noqa: N812

    bin_of = F.least(F.floor(F.col("score") * BINS), F.lit(BINS - 1)).cast("int")
    grouped = predictions.groupBy(F.col(columns.window).alias("start"), "model_version", bin_of.alias("bin"))
    found = grouped.agg(F.count("*").alias("count"), F.sum("score").alias("total")).collect()
    bins: dict[tuple[date, str], list[int]] = {}
    totals: dict[tuple[date, str], float] = {}
    for row in found:
        key = (row["start"], row["model_version"])
        bins.setdefault(key, [0] * BINS)[row["bin"]] = row["count"]
        totals[key] = totals.get(key, 0.0) + row["total"]
    return tuple(
        ScoredWindow(*key, sum(bins[key]), totals[key] / sum(bins[key]), tuple(bins[key]))
        for key in sorted(bins)
    )
