"""The prediction table: its columns, how it fits the feature table, and a summary of its rows."""

from __future__ import annotations

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


@dataclass(frozen=True)
class Coverage:
    """How the predictions of one window fit the rows of the feature table.

    Attributes:
        start: The window's first day.
        rows: Rows of the feature table.
        missing: Rows without a prediction.
        repeated: Rows with more than one prediction.
        orphaned: Predictions of rows that are not in the feature table, e.g. because a rebuild removed them.
    """

    start: date
    rows: int
    missing: int
    repeated: int
    orphaned: int

    @property
    def is_pending(self) -> bool:
        """Whether scoring must replace the window's predictions.

        False for a window without any row: its predictions stay, because a feature table may keep fewer months than the
        predictions do.
        """
        return self.rows > 0 and bool(self.missing or self.repeated or self.orphaned)


def measure_coverage(
    features: DataFrame, predictions: DataFrame, columns: Columns, period: Period
) -> list[Coverage]:
    """Compare the rows of a period with their predictions; return one item for each window, in the order of time.

    Args:
        features: The feature table.
        predictions: The prediction table.
        columns: The key and window columns of both.
        period: The windows.
    """
    from pyspark.sql import functions as F

    key = list(dict.fromkeys((*columns.keys, columns.window)))
    inside = in_period(columns, period)
    asked = features.where(inside).select(*key, F.lit(1).alias("_asked"))
    given = predictions.where(inside).groupBy(*key).agg(F.count("*").alias("_given"))
    has_row, has_prediction = F.col("_asked").isNotNull(), F.col("_given").isNotNull()
    windows = (
        asked.join(given, key, "full")
        .groupBy(F.col(columns.window).alias("start"))
        .agg(
            F.count_if(has_row).alias("rows"),
            F.count_if(~has_prediction).alias("missing"),
            F.count_if(has_row & (F.col("_given") > 1)).alias("repeated"),
            F.sum(F.when(has_row, 0).otherwise(F.col("_given"))).alias("orphaned"),
        )
    )
    return [Coverage(**row.asDict()) for row in windows.orderBy("start").collect()]


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
