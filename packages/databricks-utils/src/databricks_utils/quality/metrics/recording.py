"""`ops.quality_metrics`: how many rows failed each rule, and what each check measured, in each run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from databricks_utils.catalog.record_table import RecordTable
from databricks_utils.catalog.tables import append_rows
from databricks_utils.quality.checks.running import CheckResult
from databricks_utils.quality.counting import RuleCount

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

TABLE = "quality_metrics"
_METRICS = RecordTable(
    {
        "run_id": ("string", "The run of the job"),
        "table_name": ("string", "The table whose rows were judged"),
        "rule": ("string", "The rule or check"),
        "kind": ("string", "row, unique, reference, group, check or query"),
        "severity": ("string", "error, warning or fail"),
        "checked": ("bigint", "Rows that were judged; NULL for checks of a whole table"),
        "failed": ("bigint", "Rows among them that fail the rule; NULL for checks of a whole table"),
        "rate": (
            "double",
            "Share of the rows that fail, 0 to 1; 0 without rows; NULL for checks of a whole table",
        ),
        "value": ("double", "The number that a check measured; NULL for rules about rows"),
        "limit": ("string", "The most rows that may fail, or the bounds of a check; NULL: any number"),
        "outcome": (
            "string",
            "passed, warned, quarantined, or stopped: nothing of the delivery was accepted",
        ),
        "seconds": (
            "double",
            "How long all rules of the table took together, with reading and writing the rows; the query of a check",
        ),
        "contract": ("string", "The contracts of the rules with their versions; NULL without contracts"),
        "definition": ("string", "Hash of what makes the rows of the table: columns, keys, rules, code"),
        "git_sha": ("string", "The commit that ran"),
        "measured_at": ("timestamp", "When the rows were judged; the same for all rows of a run"),
        "checks": ("string", "Hash of the checks that the table had; NULL without checks"),
    },
    comment="One row for each run, table and rule: the rows of the new deliveries that fail it, or what a check measured",
)


@dataclass(frozen=True)
class Measurement:
    """What one run measured of one table.

    Attributes:
        table: The table.
        counts: The failures of each rule.
        seconds: How long the rules took.
        contract: The contracts of the rules with their versions; empty without contracts.
        definition: Hash of what makes the rows.
        checks: The results of the checks of the whole table, each with its own time.
        declared: Hash of all checks that the table has; empty without any. A check that was measured with another one is not
            current.
    """

    table: str
    counts: tuple[RuleCount, ...]
    seconds: float
    contract: str
    definition: str
    checks: tuple[CheckResult, ...] = ()
    declared: str = ""


def record_metrics(  # noqa: PLR0913 - what was measured, and when
    spark: SparkSession,
    name: str,
    found: Iterable[Measurement],
    *,
    run_id: str,
    git_sha: str,
    measured_at: int,
) -> None:
    """Append measurements in one commit; without any do nothing.

    Args:
        spark: A session.
        name: The table's three-part name; it is created if it does not exist.
        found: The measurements.
        run_id: The run of the job.
        git_sha: The commit that ran.
        measured_at: When the rows were judged, in microseconds since 1970.
    """
    rows = [
        (
            *(run_id, each.table, *row, each.contract or None, each.definition, git_sha, measured_at),
            each.declared or None,
        )
        for each in found
        for row in _rows(each)
    ]
    if rows:
        _METRICS.ensure(spark, name)
        append_rows(_METRICS.rows(spark, rows), name)


def _rows(found: Measurement) -> Iterator[tuple[object, ...]]:
    """Yield the columns from `rule` to `seconds`."""
    for count in found.counts:
        limit = str(count.limit) if count.limit else None
        yield (
            *(count.rule, count.kind, count.severity.value, count.checked, count.failed, count.rate, None),
            *(limit, count.outcome.value, found.seconds),
        )
    for check in found.checks:
        value = None if check.value is None else float(check.value)
        yield (
            *(check.check, check.kind, check.severity.value, None, None, None, value),
            *(check.bounds, check.outcome.value, check.seconds),
        )
