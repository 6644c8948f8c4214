"""The prediction table: its columns, its incomplete windows, and a summary of its rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from databricks_utils.mlops.declaration.columns import Columns
from databricks_utils.mlops.declaration.settings import Period
from databricks_utils.mlops.inputs.sample import in_period

if TYPE_CHECKING:
    from pyspark.sql import DataFrame
    from pyspark.sql.types import StructType

BINS = 20


@dataclass(frozen=True)
class ScoredWindow:
    """The predictions of one model version in one window of time.

    Attributes:
        start: The window's first day.
        model_version: The version that scored.
        count: Number of predictions.
        mean_score: Mean score, 0 to 1.
        bins: Number of predictions in each of twenty equal intervals from 0 to 1.
    """

    start: date
    model_version: str
    count: int
    mean_score: float
    bins: tuple[int, ...]


def pending_windows(
    features: DataFrame, predictions: DataFrame, columns: Columns, period: Period
) -> Sequence[date]:
    """Return the windows of a period with at least one row without a prediction, in the order of time."""
    keys = list(columns.keys)
    asked = features.where(in_period(columns, period)).select(*dict.fromkeys((*keys, columns.window)))
    missing = asked.join(predictions.select(*keys), keys, "left_anti").select(columns.window)
    return [row[columns.window] for row in missing.distinct().orderBy(columns.window).collect()]


def prediction_schema(features: StructType, columns: Columns) -> StructType:
    """Return the schema of the predictions.

    Args:
        features: The schema of the feature table; copied columns keep their types.
        columns: Names the columns that predictions copy.

    Returns:
        Grain and key: `columns.keys`. Then the window, the carried columns, `score` double (0 to 1), `model_name` and
        `model_version` string, `scored_at` timestamp.
    """
    from pyspark.sql import types as T

    taken = [T.StructField(name, features[name].dataType) for name in columns.described]
    return T.StructType(
        [
            *taken,
            T.StructField("score", T.DoubleType()),
            T.StructField("model_name", T.StringType()),
            T.StructField("model_version", T.StringType()),
            T.StructField("scored_at", T.TimestampType()),
        ]
    )


def scored_windows(predictions: DataFrame, columns: Columns) -> tuple[ScoredWindow, ...]:
    """Return a summary of each window's predictions, in the order of time.

    Args:
        predictions: Rows of the prediction table.
        columns: Names the column of the window.
    """
    from pyspark.sql import functions as F

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
