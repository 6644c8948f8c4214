"""The prediction log: its columns, which rows lack a prediction, the first and the latest prediction of each row, and a summary.

The log is append-only: what was predicted is never overwritten. The first prediction of a key is the one that people acted on;
a later one comes from scoring again with another version.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from databricks_utils.mlops.declaration.columns import Columns
from databricks_utils.mlops.declaration.settings import Period
from databricks_utils.mlops.inputs.sample import in_period
from databricks_utils.quoting import quote_part
from databricks_utils.window_digests import in_windows

if TYPE_CHECKING:
    import pandas as pd
    from pyspark.sql import DataFrame
    from pyspark.sql.types import StructType

    from databricks_utils.mlops.gate.models import ModelReference

APPEND_ONLY: Mapping[str, str] = {"delta.appendOnly": "true"}
"""The property of the log's table: Delta refuses to change or delete a row."""
HAD_ONE = "_had_one"
OWN_SCORE = "_own_score"
_SAME_SCORE = 1e-9
BINS = 20
_RANK = "_rank"


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
    """How the rows of one window are predicted.

    Attributes:
        start: The window's first day.
        rows: Rows of the feature table.
        missing: Rows without a prediction.
        repeated: Rows with one prediction twice: of the same version at the same time.
    """

    start: date
    rows: int
    missing: int
    repeated: int


def prediction_schema(features: StructType, columns: Columns) -> StructType:
    """Return the schema of the log.

    Args:
        features: The schema of the feature table; copied columns keep their types.
        columns: Names the columns that predictions copy.

    Returns:
        Grain: one prediction; key: `columns.keys`, `model_version`, `scored_at`. Then the window, the carried columns, `score`
        double (0 to 1), `model_name` and `model_version` string, `scored_at` timestamp.
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


def latest_query(table: str, columns: Columns, names: list[str]) -> str:
    """Return the SQL query of the view with the latest prediction of each key.

    Args:
        table: The log.
        columns: Its key columns.
        names: The columns of the view.
    """
    keys, shown = (", ".join(map(quote_part, each)) for each in (columns.keys, names))
    order = f"PARTITION BY {keys} ORDER BY scored_at DESC, model_version DESC"
    ranked = f"SELECT *, row_number() OVER ({order}) AS {_RANK} FROM {table}"  # noqa: S608 - names from the configuration and the declaration
    return f"SELECT {shown} FROM ({ranked}) WHERE {_RANK} = 1"  # noqa: S608 - as above


def first_predictions(
    log: DataFrame, columns: Columns, features: DataFrame, *, only: Collection[date] | None = None
) -> DataFrame:
    """Return the first prediction of each key, what was predicted before anybody knew better, with its outcome.

    Args:
        log: Rows of the log.
        columns: Its key and window columns, and the label of the features.
        features: The feature table, with today's outcomes.
        only: The windows to read of both, if a row stays in its window for ever; None: all.

    Returns:
        Grain: one key; `start` date (the window of the prediction), `model_version`, `score` and `label` (NULL if the outcome is not
        known, or if the features have no such row).
    """
    from pyspark.sql import Window
    from pyspark.sql import functions as F

    if only is not None:
        wanted = in_windows(F.col(columns.window), only) if only else F.lit(False)  # noqa: FBT003 - a literal of SQL
        log, features = log.where(wanted), features.where(wanted)
    first = Window.partitionBy(*columns.keys).orderBy("scored_at", "model_version")
    predicted = log.withColumn(_RANK, F.row_number().over(first)).where(f"{_RANK} = 1")
    start, label = F.col(columns.window).alias("start"), F.col(columns.label).alias("label")
    keyed = predicted.select(*columns.keys, start, "model_version", "score")
    return keyed.join(features.select(*columns.keys, label), list(columns.keys), "left").drop(*columns.keys)


def rows_to_score(  # noqa: PLR0913 - two tables, their columns, and what is asked for
    features: DataFrame,
    latest: DataFrame,
    columns: Columns,
    period: Period,
    *,
    again: Sequence[Period] = (),
    by: ModelReference | None = None,
) -> DataFrame:
    """Return the rows of a period that have no prediction, and all rows of the windows to predict again.

    Args:
        features: The feature table.
        latest: The latest prediction of each key.
        columns: The key and window columns of both.
        period: The windows.
        again: Windows to predict again.
        by: The version that predicts.

    Returns:
        Grain and columns of `features`; `_had_one` boolean: whether there is a prediction; `_own_score` double: the score of the
        latest prediction if it is by `by`.
    """
    from pyspark.sql import functions as F

    given = latest.select(*columns.keys, F.struct("model_name", "model_version", "score").alias("_latest"))
    rows = features.where(in_period(columns, period)).join(given, list(columns.keys), "left")
    had_one = F.col("_latest").isNotNull()
    name, version = (by.name, by.version) if by else (None, None)  # NULL: no prediction is its own
    is_own = (F.col("_latest.model_name") == F.lit(name)) & (F.col("_latest.model_version") == F.lit(version))
    wanted = ~had_one
    for window in again:
        wanted = wanted | in_period(columns, window)
    own_score = F.when(is_own, F.col("_latest.score"))
    return rows.where(wanted).withColumns({HAD_ONE: had_one, OWN_SCORE: own_score}).drop("_latest")


def new_predictions(scored: pd.DataFrame) -> pd.DataFrame:
    """Return the predictions to add: all but those that the same version has made with the same score.

    A version gives a row another score only if the row's features have changed: a late or corrected record, or one that was
    judged again.

    Args:
        scored: Predictions with `score`, and `_own_score` as `rows_to_score` returns it.
    """
    is_same = (scored["score"] - scored[OWN_SCORE].astype(float)).abs() <= _SAME_SCORE
    return scored[~is_same]


def measure_coverage(features: DataFrame, log: DataFrame, columns: Columns, period: Period) -> list[Coverage]:
    """Count the rows of a period and their predictions; return one item for each window, in the order of time.

    Args:
        features: The feature table.
        log: The predictions.
        columns: The key and window columns of both.
        period: The windows.
    """
    from pyspark.sql import functions as F

    keys = list(columns.keys)
    asked = features.where(in_period(columns, period)).select(*keys, F.col(columns.window).alias("start"))
    once = F.struct("model_name", "model_version", "scored_at")
    given = log.groupBy(*keys).agg(F.count("*").alias("_given"), F.count_distinct(once).alias("_different"))
    windows = (
        asked.join(given, keys, "left")
        .groupBy("start")
        .agg(
            F.count("*").alias("rows"),
            F.count_if(F.col("_given").isNull()).alias("missing"),
            F.count_if(F.col("_given") > F.col("_different")).alias("repeated"),
        )
    )
    return [Coverage(**row.asDict()) for row in windows.orderBy("start").collect()]


def scored_windows(predictions: DataFrame, columns: Columns) -> tuple[ScoredWindow, ...]:
    """Return a summary of each window's predictions, in the order of time.

    Args:
        predictions: The latest prediction of each key.
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
