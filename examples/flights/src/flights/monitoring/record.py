"""Write what was measured to `ops.profile_metrics` and `ops.drift_metrics`, in the columns that Databricks' own tables have."""

from collections.abc import Sequence
from datetime import date

from databricks_utils.catalog.tables import ensure_table, replace_where
from databricks_utils.context import Context
from databricks_utils.mlops import ScoreHistogram
from mlflow import MlflowClient
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from flights.features.feature_set import KEYS, LABEL
from flights.monitoring.performance import Window, measure_windows
from flights.settings import FlightsSettings
from flights.training.train import track

_KEY = (
    "table_name string, window struct<start: timestamp, end: timestamp>, granularity string, model_id string, "
    "slice_key string, slice_value string, column_name string"
)
PROFILE = (
    f"{_KEY}, count bigint, labelled bigint, avg double, label_avg double, roc_auc_score double, brier_score double, "
    "violations array<string>"
)
DRIFT = f"{_KEY}, drift_type string, population_stability_index double"


def monitor(spark: SparkSession, context: Context) -> list[Window]:
    """Measure every scored month and write the measures, in one commit a table; again, they are replaced.

    Grain and key of both tables: `table_name, window, granularity, model_id, slice_key, slice_value, column_name`.
    """
    track(context)
    predictions = context.table("gold", "predictions")
    labels = spark.table(context.table("features", "flight_features")).select(*KEYS, F.col(LABEL).alias("late"))
    joined = spark.table(predictions).join(labels, list(KEYS), "left")
    scored = joined.select("month", "model_version", "score", "late").toPandas()
    baselines = read_baselines(context, sorted(scored["model_version"].unique()))
    windows = measure_windows(
        scored,
        baselines,
        context.config.extra_as(FlightsSettings).monitor,
        drift_threshold=context.config.monitoring.drift_threshold,
    )
    _write(spark, context, predictions, windows)
    return windows


def read_baselines(context: Context, versions: Sequence[str]) -> dict[str, ScoreHistogram]:
    """Return the scores that each model version gave on its validation months, from the version's tags."""
    client, name = MlflowClient(), context.catalog.model_name()
    tags = {version: client.get_model_version(name, version).tags for version in versions}
    return {version: ScoreHistogram.from_json(tag["score_histogram"]) for version, tag in tags.items()}


def _write(spark: SparkSession, context: Context, predictions: str, windows: Sequence[Window]) -> None:
    name = context.catalog.model_name()

    def key(window: Window) -> tuple[object, ...]:
        return (predictions, window.month, _next_month(window.month), f"{name}/{window.model_version}")

    profile = [
        (*key(w), w.count, w.labelled, w.mean_score, w.late_share, w.roc_auc, w.brier, list(w.violations))
        for w in windows
    ]
    drift = [(*key(w), w.population_stability_index) for w in windows]
    _replace(spark, context.table("ops", "profile_metrics"), PROFILE, profile, predictions)
    _replace(spark, context.table("ops", "drift_metrics"), DRIFT, drift, predictions)


def _replace(spark: SparkSession, table: str, schema: str, rows: list[tuple[object, ...]], predictions: str) -> None:
    empty = spark.createDataFrame([], schema)
    ensure_table(spark, table, empty.schema, comment="One row a monitored table, window, model and column")
    measures = [field for field in empty.schema.fields[7:] if field.name != "drift_type"]
    flat = "table_name string, start date, until date, model_id string, " + ", ".join(
        f"{field.name} {field.dataType.simpleString()}" for field in measures
    )
    frame = (
        spark.createDataFrame(rows, flat)
        .withColumn("window", F.expr("named_struct('start', timestamp(start), 'end', timestamp(until))"))
        .withColumn("granularity", F.lit("1 month"))
        .withColumn("slice_key", F.lit(None).cast("string"))
        .withColumn("slice_value", F.lit(None).cast("string"))
        .withColumn("column_name", F.lit("score"))
        .withColumn("drift_type", F.lit("BASELINE"))
    )
    replace_where(frame.select(*empty.columns), table, f"table_name = '{predictions}'")


def _next_month(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)
