"""`ops.quality_metrics`: how many rows failed each rule, in each run."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from databricks_utils.catalog.record_table import RecordTable
from databricks_utils.catalog.tables import append_rows
from databricks_utils.quality.counting import RuleCount
from databricks_utils.quality.rules import Severity

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

TABLE = "quality_metrics"
_METRICS = RecordTable(
    {
        "run_id": ("string", "The run of the job"),
        "table_name": ("string", "The table whose rows were judged"),
        "rule": ("string", "The rule"),
        "kind": ("string", "row, unique, reference or group"),
        "severity": ("string", "error, warning or fail"),
        "checked": ("bigint", "Rows that were judged"),
        "failed": ("bigint", "Rows among them that fail the rule"),
        "rate": ("double", "Share of the rows that fail, 0 to 1; 0 without rows"),
        "limit": ("string", "The most rows that may fail; NULL: any number"),
        "outcome": (
            "string",
            "passed, warned, quarantined, or stopped: nothing of the delivery was accepted",
        ),
        "seconds": (
            "double",
            "How long all rules of the table took together, with reading and writing the rows",
        ),
        "contract": ("string", "The contracts of the rules with their versions; NULL without contracts"),
        "definition": ("string", "Hash of what makes the rows of the table: columns, keys, rules, code"),
        "git_sha": ("string", "The commit that ran"),
        "measured_at": ("timestamp", "When the rows were judged; the same for all rows of a run"),
    },
    comment="One row for each run, table and rule: the rows of the new deliveries that fail it",
)


@dataclass(frozen=True)
class Measurement:
    """What one run measured of one table.

    Attributes:
        table: The table.
        counts: The failures of each rule.
        seconds: How long it took.
        contract: The contracts of the rules with their versions; empty without contracts.
        definition: Hash of what makes the rows.
    """

    table: str
    counts: tuple[RuleCount, ...]
    seconds: float
    contract: str
    definition: str


def outcome_of(count: RuleCount) -> str:
    """Return `stopped` if more rows failed than may; `quarantined` or `warned` if some failed; `passed` if none did."""
    if count.is_exceeded:
        return "stopped"
    if not count.failed:
        return "passed"
    return "warned" if count.severity is Severity.WARNING else "quarantined"


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
            *(run_id, each.table, count.rule, count.kind, count.severity.value),
            *(count.checked, count.failed, count.rate),
            *(str(count.limit) if count.limit else None, outcome_of(count), each.seconds),
            *(each.contract or None, each.definition, git_sha, measured_at),
        )
        for each in found
        for count in each.counts
    ]
    if rows:
        _METRICS.ensure(spark, name)
        append_rows(_METRICS.rows(spark, rows), name)
