"""The report of a whole run: what its rules and checks found in all tables, as `ops.quality_metrics` has it. It has no values of rows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from databricks_utils.moments import as_micros
from databricks_utils.quality.outcomes import Outcome, worst
from databricks_utils.quality.rules import Severity

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_SHOWN = 5  # rules in the line of text; the data name all


@dataclass(frozen=True)
class Finding:
    """What a rule or a check found in one run.

    Attributes:
        table: The three-part name of the table.
        rule: The rule or check.
        kind: `row`, `unique`, `reference`, `group`, `check` or `query`.
        severity: Its severity.
        checked: Rows that were judged; None for a check.
        failed: Rows among them that fail; None for a check.
        value: What a check measured; None for a rule, and if there was no value.
        limit: The most rows that may fail, or the bounds of a check, in words; None: any number.
        outcome: The outcome.
    """

    table: str
    rule: str
    kind: str
    severity: Severity
    checked: int | None
    failed: int | None
    value: float | None
    limit: str | None
    outcome: Outcome

    @property
    def accepted(self) -> Finding:
        """The same of a delivery that was accepted, whatever its limits: nothing stopped."""
        if self.outcome is not Outcome.STOPPED:
            return self
        kept = self.checked is None or self.severity.keeps_the_row
        return replace(self, outcome=Outcome.WARNED if kept else Outcome.QUARANTINED)

    def as_json(self) -> dict[str, Any]:
        """Return the finding as data for JSON."""
        known = {"table": self.table, "rule": self.rule, "kind": self.kind, "severity": self.severity.value}
        finite = self.value if self.value is not None and math.isfinite(self.value) else None
        counted = {"checked": self.checked, "failed": self.failed}
        measured = {"value": finite} if self.checked is None else counted
        return {**known, "outcome": self.outcome.value, **measured, "limit": self.limit}

    def __str__(self) -> str:
        """Return the numbers in words.

        >>> str(Finding("a.b.c", "r", "row", Severity.ERROR, 1000, 60, None, "5 %", Outcome.STOPPED))
        'a.b.c `r`: 60 of 1,000 rows failed; allowed: 5 %'
        """
        allowed = f"; allowed: {self.limit}" if self.limit else ""
        if self.checked is not None:
            return f"{self.table} `{self.rule}`: {self.failed:,} of {self.checked:,} rows failed{allowed}"
        value = "no value" if self.value is None else f"{self.value:.6g}"
        return f"{self.table} `{self.rule}`: {value}{allowed}"


@dataclass(frozen=True)
class RunReport:
    """What a run found in its tables.

    Attributes:
        run_id: The run.
        found: One for each table and rule that the run measured.
        stopped_by: The first line of the error that stopped the run, if it was one about quality; empty without one.
    """

    run_id: str
    found: tuple[Finding, ...]
    stopped_by: str = ""

    @property
    def outcome(self) -> Outcome:
        """`stopped` if an error about quality stopped the run, else the worst outcome of all rules and checks."""
        return Outcome.STOPPED if self.stopped_by else worst(item.outcome for item in self.found)

    @property
    def accepted(self) -> RunReport:
        """The report of a run that ended without an error: what exceeds a limit was accepted by a person."""
        return replace(self, found=tuple(item.accepted for item in self.found))

    @property
    def not_passed(self) -> tuple[Finding, ...]:
        """The findings that are not passed, the worst first, then by table and rule."""
        order = list(Outcome)
        found = [item for item in self.found if item.outcome is not Outcome.PASSED]
        return tuple(sorted(found, key=lambda item: (-order.index(item.outcome), item.table, item.rule)))

    def as_json(self) -> dict[str, Any]:
        """Return the report as data for JSON: names and numbers. No value of a row, unless a check measures one, as `max(salary)` does.

        A text `text` says the same in one line, which Slack and Teams show; it names five rules at most.
        """
        return {
            "text": f"quality of run {self.run_id}: {self.outcome.value}: {self._words()}",
            "run_id": self.run_id,
            "outcome": self.outcome.value,
            "stopped_by": self.stopped_by or None,
            "rules": [item.as_json() for item in self.not_passed],
        }

    def _words(self) -> str:
        failed = self.not_passed
        words = [self.stopped_by.removeprefix("quality: ")] if self.stopped_by else []
        words += map(str, failed[:_SHOWN])
        words += [f"{len(failed) - _SHOWN} more rules"] if len(failed) > _SHOWN else []
        return "; ".join(words) or "nothing failed"


def report_of_run(
    spark: SparkSession, name: str, run_id: str, *, since: datetime | None = None, stopped_by: str = ""
) -> RunReport:
    """Return what a run found, from the metrics that it recorded, also of deliveries that were not accepted.

    Args:
        spark: A session that may read the metrics.
        name: The three-part name of `ops.quality_metrics`; if it does not exist, the run found nothing.
        run_id: The run.
        since: Only what was measured at this moment or later, without a time zone in UTC: of a run that is repeated the last attempt.
        stopped_by: See `RunReport`.
    """
    if not spark.catalog.tableExists(name):
        return RunReport(run_id, (), stopped_by)
    return RunReport(run_id, _findings(spark, name, run_id, since), stopped_by)


def _findings(spark: SparkSession, name: str, run_id: str, since: datetime | None) -> tuple[Finding, ...]:
    from pyspark.sql import functions as F

    columns = ("kind", "severity", "checked", "failed", "value", "limit", "outcome")
    of_run = spark.table(name).where(F.col("run_id") == run_id)
    if since is not None:
        of_run = of_run.where(F.unix_micros("measured_at") >= as_micros(since))
    last = F.max_by(F.struct(*columns), "measured_at").alias("last")
    rows: Sequence[Any] = of_run.groupBy("table_name", "rule").agg(last).collect()
    found = [
        Finding(
            table=row["table_name"],
            rule=row["rule"],
            **{
                **row["last"].asDict(),
                "severity": Severity(row["last"]["severity"]),
                "outcome": Outcome(row["last"]["outcome"]),
            },
        )
        for row in rows
    ]
    return tuple(sorted(found, key=lambda item: (item.table, item.rule)))
