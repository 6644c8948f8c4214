"""One measurement: what a run found for one rule or check of a table."""

from __future__ import annotations

from dataclasses import dataclass

from databricks_utils.quality.bounds import words
from databricks_utils.quality.checks.running import CheckResult
from databricks_utils.quality.counting import RuleCount


@dataclass(frozen=True)
class Measurement:
    """A row of `ops.quality_metrics` without the run, the table and the time.

    Attributes:
        rule: The name of the rule or check.
        kind: `row`, `unique`, `reference`, `group`, `check` or `query`.
        severity: `error`, `warning` or `fail`.
        checked: Number of checked rows; None for checks of a whole table.
        failed: Number of rows that failed; None for checks of a whole table.
        rate: Share of the checked rows that failed, 0 to 1; None for checks of a whole table.
        value: The measured number; None for rules about rows, and for a measure without a value.
        limit: What is allowed, in words; None: everything.
        outcome: `passed`, `warned` or `failed`.
        seconds: How long it took; None where it is not known for this rule alone.
    """

    rule: str
    kind: str
    severity: str
    checked: int | None
    failed: int | None
    rate: float | None
    value: float | None
    limit: str | None
    outcome: str
    seconds: float | None

    @classmethod
    def of(cls, found: RuleCount | CheckResult, *, seconds: float | None = None) -> Measurement:
        """Return the measurement of a rule or a check.

        Args:
            found: What `counts` or `run_checks` returned.
            seconds: How long the rows took to judge and write; all rules share one pass. A check knows its own time.
        """
        if isinstance(found, RuleCount):
            limit = None if found.limit is None else str(found.limit)
            numbers = (found.checked, found.failed, found.rate, None)
            return cls(
                found.rule, found.kind, found.severity.value, *numbers, limit, found.outcome.value, seconds
            )
        value = None if found.value is None else float(found.value)
        limit = words(found.at_least, found.at_most)
        numbers_of_check = (None, None, None, value)
        return cls(
            found.check,
            found.kind,
            found.severity.value,
            *numbers_of_check,
            limit,
            found.outcome.value,
            found.seconds,
        )
