"""Score the months that have no predictions yet, or not for every flight; a month scored twice is there once."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

import pandas as pd
from databricks_utils.catalog.tables import ensure_table, replace_where
from databricks_utils.context import Context
from databricks_utils.mlops import ModelRegistry, RegisteredModel
from databricks_utils.mlops.registry import CHAMPION
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql import types as T

from flights.features.feature_set import CATEGORIES, KEYS, NUMBERS
from flights.settings import FlightsSettings, Period
from flights.training.sample import as_model_input
from flights.training.train import track

SCHEMA = T.StructType(
    [
        T.StructField("flight_date", T.DateType()),
        T.StructField("carrier", T.StringType()),
        T.StructField("flight_number", T.IntegerType()),
        T.StructField("origin", T.StringType()),
        T.StructField("month", T.DateType()),
        T.StructField("predicted_at", T.TimestampType()),
        T.StructField("score", T.DoubleType()),
        T.StructField("model_name", T.StringType()),
        T.StructField("model_version", T.StringType()),
        T.StructField("scored_at", T.TimestampType()),
    ]
)


def score_pending(spark: SparkSession, context: Context, *, now: datetime | None = None) -> dict[date, int]:
    """Score, with the champion, every month of `periods.score` whose predictions are not complete.

    All pending months are written in one commit that replaces exactly them: a crash leaves the predictions as they were.

    Args:
        spark: A session that may write gold.
        context: The environment.
        now: The time noted with the predictions; the clock's by default.

    Returns:
        Month → flights scored.

    Raises:
        MissingModelError: There is no champion.
    """
    track(context)
    features = spark.table(context.table("features", "flight_features"))
    table = context.table("gold", "predictions")
    ensure_table(
        spark, table, SCHEMA, comment="Probability that a scheduled flight arrives late, an hour before it leaves"
    )
    months = pending_months(features, spark.table(table), context.config.extra_as(FlightsSettings).periods.score)
    if not months:
        return {}
    champion = ModelRegistry().get(context.catalog.model_name(), CHAMPION)
    moment = now or datetime.now(UTC)
    scored = {month: score_month(features, month, champion, scored_at=moment) for month in months}
    rows = spark.createDataFrame(pd.concat(scored.values(), ignore_index=True), SCHEMA)
    replaced = ", ".join(f"DATE'{month}'" for month in months)
    replace_where(rows, table, f"month IN ({replaced})")
    return {month: len(frame) for month, frame in scored.items()}


def pending_months(features: DataFrame, predictions: DataFrame, period: Period) -> Sequence[date]:
    """Return the months of a period in which some flight has no prediction, in their order."""
    asked = features.where(F.col("month").between(period.first, period.last)).select("month", *KEYS)
    missing = asked.join(predictions.select(*KEYS), list(KEYS), "left_anti")
    return [row["month"] for row in missing.select("month").distinct().orderBy("month").collect()]


def score_month(features: DataFrame, month: date, champion: RegisteredModel, *, scored_at: datetime) -> pd.DataFrame:
    """Score one month on the driver; a month of one airport is some thousand rows.

    Where it is millions, `mlflow.pyfunc.spark_udf(spark, f"models:/{name}/{version}", env_manager="local")` scores the same
    model on the workers.

    Returns:
        The columns of `SCHEMA`, one row a flight.
    """
    columns = dict.fromkeys((*KEYS, "month", "predicted_at", *CATEGORIES, *NUMBERS))
    frame = features.where(F.col("month") == F.lit(month)).select(*columns).toPandas()
    return frame[[*KEYS, "month", "predicted_at"]].assign(
        score=champion.score(as_model_input(frame)),
        model_name=champion.reference.name,
        model_version=champion.reference.version,
        scored_at=scored_at,
    )
