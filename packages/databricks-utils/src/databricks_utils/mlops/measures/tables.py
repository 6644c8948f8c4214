"""Write measures to `ops.profile_metrics` and `ops.drift_metrics`, in the columns of Databricks data profiling."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from databricks_utils.catalog.tables import ensure_table, replace_where
from databricks_utils.context import Context
from databricks_utils.mlops.declaration.grain import Grain
from databricks_utils.mlops.measures.performance import WindowPerformance

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_KEY = (
    "table_name string, window struct<start: timestamp, end: timestamp>, granularity string, model_id string, "
    "slice_key string, slice_value string, column_name string"
)
_KEY_COLUMNS = 7
PROFILE = (
    f"{_KEY}, count bigint, labelled bigint, avg double, label_avg double, roc_auc_score double, brier_score double, "
    "violations array<string>"
)
DRIFT = f"{_KEY}, drift_type string, population_stability_index double"


def measure_tables(context: Context) -> tuple[str, str]:
    """Return the names of the tables of the profile and of the drift."""
    return context.table("ops", "profile_metrics"), context.table("ops", "drift_metrics")


def write_measures(  # noqa: PLR0913 - where, of which table, of which model, and what
    spark: SparkSession,
    context: Context,
    *,
    monitored: str,
    model: str,
    grain: Grain,
    windows: Sequence[WindowPerformance],
) -> tuple[str, str]:
    """Replace the measures of a monitored table, with one commit for each of the two tables.

    Grain and key of both tables: `table_name, window, granularity, model_id, slice_key, slice_value, column_name`.

    Args:
        spark: A session that may write ops.
        context: The environment.
        monitored: The prediction table's three-part name.
        model: The registered model's three-part name.
        grain: The windows' length.
        windows: The measured windows.

    Returns:
        The names of both tables.

    Source: https://docs.databricks.com/aws/lakehouse-monitoring/monitor-output
    """

    def key(window: WindowPerformance) -> tuple[object, ...]:
        return (monitored, window.start, grain.end_of(window.start), f"{model}/{window.model_version}")

    profile = [
        (*key(w), w.count, w.labelled, w.mean_score, w.positive_share, w.roc_auc, w.brier, list(w.violations))
        for w in windows
    ]
    drift = [(*key(w), w.population_stability_index) for w in windows]
    tables = measure_tables(context)
    _replace(spark, tables[0], PROFILE, profile, monitored=monitored, grain=grain)
    _replace(spark, tables[1], DRIFT, drift, monitored=monitored, grain=grain)
    return tables


def _replace(  # noqa: PLR0913 - a table, its columns, its rows, and what they are of
    spark: SparkSession,
    table: str,
    schema: str,
    rows: list[tuple[object, ...]],
    *,
    monitored: str,
    grain: Grain,
) -> None:
    from pyspark.sql import functions as F

    empty = spark.createDataFrame([], schema)
    # Partitioned, so that the rows of one monitored table are replaced without reading those of the others.
    ensure_table(
        spark,
        table,
        empty.schema,
        comment="One row for each monitored table, window, model and column",
        partitioned_by=["table_name"],
    )
    measures = [field for field in empty.schema.fields[_KEY_COLUMNS:] if field.name != "drift_type"]
    flat = "table_name string, start date, until date, model_id string, " + ", ".join(
        f"{field.name} {field.dataType.simpleString()}" for field in measures
    )
    frame = (
        spark.createDataFrame(rows, flat)
        .withColumn("window", F.expr("named_struct('start', timestamp(start), 'end', timestamp(until))"))
        .withColumn("granularity", F.lit(grain.granularity))
        .withColumn("slice_key", F.lit(None).cast("string"))
        .withColumn("slice_value", F.lit(None).cast("string"))
        .withColumn("column_name", F.lit("score"))
        .withColumn("drift_type", F.lit("BASELINE"))
    )
    replace_where(frame.select(*empty.columns), table, f"table_name = '{monitored}'")
