"""Read the trend of a rule from `ops.quality_metrics`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from databricks_utils.moments import as_moment
from databricks_utils.quality.metrics.trend import Point, Trend, trend_of

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


def read_trend(spark: SparkSession, name: str, *, table: str, rule: str, runs: int = 20) -> Trend:
    """Return the last runs of a rule of a table, and whether the newest is unusual; see `trend_of`.

    Args:
        spark: A session that may read the metrics.
        name: The three-part name of `ops.quality_metrics`. If several rows of it are about one run, the last one counts.
        table: The three-part name of the table whose rows were judged.
        rule: The rule or check.
        runs: Number of runs at most, the newest among them.
    """
    from pyspark.sql import functions as F

    number = F.coalesce("rate", "value").alias("number")
    measured = F.struct(number, F.col("rate").isNotNull().alias("is_share"))
    of_rule = spark.table(name).where((F.col("rule") == rule) & (F.col("table_name") == table))
    # A run that judged no row has the rate 0, which says nothing.
    of_rule = of_rule.where("checked IS NULL OR checked > 0")
    by_run = of_rule.groupBy("run_id").agg(
        F.max_by(measured, "measured_at").alias("last"),
        F.max(F.unix_micros("measured_at")).alias("measured_at"),
    )
    newest = by_run.orderBy(F.desc("measured_at"), F.desc("run_id")).limit(runs).collect()
    points = [
        Point(row["run_id"], as_moment(row["measured_at"]), row["last"]["number"]) for row in reversed(newest)
    ]
    return trend_of(points, is_share=any(row["last"]["is_share"] for row in newest))
