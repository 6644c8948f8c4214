"""Read from `ops.quality_metrics`: the last runs of each rule, and its newest numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from databricks_utils.moments import as_moment
from databricks_utils.quality.metrics.trend import Point, Trend, trend_of

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

_NEWEST = (
    *("table_name", "rule", "run_id", "kind", "severity", "checked", "failed", "rate", "value", "limit"),
    "outcome",
)
_WITHOUT_RUN = "unknown"  # the run id outside of a job


@dataclass(frozen=True)
class RuleTrend:
    """The newest numbers of a rule or check of a table, and its last runs.

    Attributes:
        table: The three-part name of the table whose rows were judged.
        rule: The rule or check.
        kind: `row`, `unique`, `reference`, `group`, `check` or `query`.
        severity: `error`, `warning` or `fail`.
        checked: Rows that the newest run judged; None for a check.
        failed: Rows among them that fail; None for a check.
        rate: Their share, 0 to 1; None for a check.
        value: What a check measured; None for a rule, and if there was no value.
        limit: The most rows that may fail, or the bounds of a check, in words; None: any number.
        outcome: `passed`, `warned`, `quarantined` or `stopped`.
        is_current: False if its table has been measured with another definition, or a check's with other checks, since, without
            this rule: it was removed, or no new rows have come.
        trend: Its last runs but for those that judged no row, the usual range, and whether the newest run is unusual.
    """

    table: str
    rule: str
    kind: str
    severity: str
    checked: int | None
    failed: int | None
    rate: float | None
    value: float | None
    limit: str | None
    outcome: str
    is_current: bool
    trend: Trend

    @property
    def is_unusual(self) -> bool:
        """Whether the newest run of the rule is unusual, and the rule is still measured."""
        return self.is_current and self.trend.is_unusual


def read_trends(
    spark: SparkSession,
    name: str,
    *,
    table: str | None = None,
    rule: str | None = None,
    runs: int = 20,
) -> tuple[RuleTrend, ...]:
    """Return the trend of every rule of every table, or of some, in one query.

    Args:
        spark: A session that may read the metrics.
        name: The three-part name of `ops.quality_metrics`. If several rows of it are about one run, the last one counts; each
            measurement outside of a job, where the run is `unknown`, is a run of its own.
        table: Only the rules of the table with this three-part name.
        rule: Only rules of this name.
        runs: Number of runs of a rule at most, the newest among them.

    Returns:
        One for each table and rule that has been measured, by table and rule.
    """
    from pyspark.sql import functions as F

    measured = spark.table(name)
    if table is not None:
        measured = measured.where(F.col("table_name") == table)
    rows = _last_of_each_run(measured, rule).where(F.col("place") <= runs).collect()
    ordered = sorted(rows, key=lambda row: (row["table_name"], row["rule"], -row["place"]))
    return tuple(_trends(ordered))


def read_trend(spark: SparkSession, name: str, *, table: str, rule: str, runs: int = 20) -> Trend:
    """Return the last runs of a rule of a table, and whether the newest is unusual; see `trend_of`.

    Args:
        spark: A session that may read the metrics.
        name: See `read_trends`.
        table: The three-part name of the table whose rows were judged.
        rule: The rule or check.
        runs: Number of runs at most, the newest among them.
    """
    found = read_trends(spark, name, table=table, rule=rule, runs=runs)
    return found[0].trend if found else trend_of((), is_share=True)


def _last_of_each_run(measured: DataFrame, rule: str | None) -> DataFrame:
    """Return the columns of `_NEWEST`, `micros`, `place` and `is_current`.

    Grain: table, rule and run. `place` counts the runs of a rule from the newest, which is 1.
    """
    from pyspark.sql import Window
    from pyspark.sql import functions as F

    of_table = Window.partitionBy("table_name")
    micros = F.unix_micros("measured_at")
    # The table of an earlier release does not have the column yet.
    checks = F.coalesce("checks", F.lit("")) if "checks" in measured.columns else F.lit("")
    same, same_checks = (
        each.eqNullSafe(F.max_by(each, "measured_at").over(of_table))
        for each in (F.col("definition"), checks)
    )
    with_newest = measured.select(
        *_NEWEST,
        micros.alias("micros"),
        (same & (same_checks | F.col("checked").isNotNull())).alias("is_current"),
    )
    if rule is not None:
        with_newest = with_newest.where(F.col("rule") == rule)
    run = F.when(F.col("run_id") == _WITHOUT_RUN, F.col("micros"))
    last_of_run = Window.partitionBy("table_name", "rule", "run_id", run).orderBy(F.desc("micros"))
    newest_run = Window.partitionBy("table_name", "rule").orderBy(F.desc("micros"), F.desc("run_id"))
    last = with_newest.withColumn("again", F.row_number().over(last_of_run)).where("again = 1").drop("again")
    return last.withColumn("place", F.row_number().over(newest_run))


def _trends(rows: Iterable[Any]) -> Iterator[RuleTrend]:
    """Yield the trend of each rule; the rows of a rule follow each other, its oldest run first."""
    for (table, rule), group in groupby(rows, key=lambda row: (row["table_name"], row["rule"])):
        of_rule = list(group)
        newest = of_rule[-1]
        judged = [row for row in of_rule if row["checked"] != 0]  # the rate of no rows says nothing
        points = [Point(row["run_id"], as_moment(row["micros"]), _number(row)) for row in judged]
        shown = ("kind", "severity", "checked", "failed", "rate", "value", "limit", "outcome")
        yield RuleTrend(
            table,
            rule,
            **{column: newest[column] for column in shown},
            is_current=newest["is_current"],
            trend=trend_of(points, is_share=any(row["rate"] is not None for row in of_rule)),
        )


def _number(row: Any) -> float | None:  # noqa: ANN401 - a row of Spark
    number: float | None = row["value"] if row["rate"] is None else row["rate"]
    return number
