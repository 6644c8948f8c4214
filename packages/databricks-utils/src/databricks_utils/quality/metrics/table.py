"""`ops.quality_metrics`: one row for each measurement of a rule or check of a table in a run."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from databricks_utils.catalog.record_table import RecordTable
from databricks_utils.catalog.tables import append_rows, columns_of
from databricks_utils.context import Context
from databricks_utils.moments import as_micros, as_moment
from databricks_utils.quality.checks.running import CheckResult
from databricks_utils.quality.counting import RuleCount
from databricks_utils.quality.metrics.measurement import Measurement
from databricks_utils.quality.metrics.trend import Point, Trend, trend_of

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

TABLE = "quality_metrics"
_METRICS = RecordTable(
    {
        "run_id": ("string", "The run; key with table_name, rule and measured_at"),
        "table_name": ("string", "The table whose rows were checked"),
        "rule": ("string", "The rule or check"),
        "kind": ("string", "row, unique, reference, group, check or query"),
        "severity": ("string", "error, warning or fail"),
        "checked": ("bigint", "Checked rows; NULL for checks of a whole table"),
        "failed": ("bigint", "Failed rows among them; NULL for checks of a whole table"),
        "rate": ("double", "failed / checked, 0 to 1; 0 without rows; NULL for checks of a whole table"),
        "value": ("double", "The measured number of a check; NULL for rules about rows"),
        "limit": ("string", "What is allowed, in words; NULL: everything"),
        "outcome": ("string", "passed, warned or failed"),
        "seconds": ("double", "How long it took; rules about rows share one pass, aggregates one query"),
        "contract": ("string", "The contract that the rule is from"),
        "contract_version": ("string", "Its version"),
        "definition": ("string", "The hash of the rules and code that judged the rows"),
        "git_sha": ("string", "The commit that ran"),
        "measured_at": ("timestamp", "When it was measured"),
    },
    comment="One row for each measurement of a rule or check of a table in a run",
)


class MetricsTable:
    """Writes and reads `ops.quality_metrics`.

    A run measures each rule of a table once. If a task is repeated under the same run, it adds rows with a later `measured_at`, and readers
    take the last ones: appending never conflicts with the tasks beside it.

    Args:
        spark: A session that may read and write ops.
        context: The environment.
    """

    def __init__(self, spark: SparkSession, context: Context) -> None:
        self._spark, self._name, self._git_sha = spark, context.table("ops", TABLE), context.git_sha

    @property
    def name(self) -> str:
        """The three-part name of the table."""
        return self._name

    def add(  # noqa: PLR0913 - what a measurement belongs to
        self,
        found: Sequence[RuleCount | CheckResult],
        *,
        run_id: str,
        table: str,
        contract: str | None = None,
        contract_version: str | None = None,
        definition: str | None = None,
        seconds: float | None = None,
    ) -> None:
        """Add what a run found for one table, in one commit; without anything found it does nothing.

        Args:
            found: What `counts` and `run_checks` returned.
            run_id: The run.
            table: The table's name.
            contract: The contract that the rules are from.
            contract_version: Its version.
            definition: The hash of the rules and code.
            seconds: How long the rows took to judge and write.
        """
        if not found:
            return
        _METRICS.ensure(self._spark, self._name)
        measured = as_micros(datetime.now(UTC))
        of_rules = (contract, contract_version, definition, self._git_sha, measured)
        rows = [
            (run_id, table, *vars(Measurement.of(each, seconds=seconds)).values(), *of_rules)
            for each in found
        ]
        append_rows(_METRICS.rows(self._spark, rows), self._name)

    def trend(self, rule: str, *, table: str, runs: int = 20) -> Trend:
        """Return the last runs of a rule of a table, and whether the newest is unusual; see `trend_of`.

        Args:
            rule: The rule or check.
            table: The table's name.
            runs: Number of runs at most, the newest among them.
        """
        from pyspark.sql import functions as F

        if columns_of(self._spark, self._name) is None:
            return trend_of((), is_share=True)
        number = F.coalesce("rate", "value").alias("number")
        of_rule = self._spark.table(self._name).where(
            (F.col("rule") == rule) & (F.col("table_name") == table)
        )
        last = of_rule.groupBy("run_id").agg(
            F.max_by(F.struct(number, F.col("rate").isNotNull().alias("is_share")), "measured_at").alias(
                "last"
            ),
            F.max(F.unix_micros("measured_at")).alias("measured_at"),
        )
        newest = last.orderBy(F.desc("measured_at"), F.desc("run_id")).limit(runs).collect()
        points = [
            Point(row["run_id"], as_moment(row["measured_at"]), row["last"]["number"])
            for row in reversed(newest)
        ]
        return trend_of(points, is_share=any(row["last"]["is_share"] for row in newest))
