"""The report of a run about one table: the outcome, and the rules and checks that are not passed. It has no values of rows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from databricks_utils.quality.checks.running import CheckResult
from databricks_utils.quality.counting import RuleCount
from databricks_utils.quality.outcomes import Outcome, worst


@dataclass(frozen=True)
class QualityReport:
    """What a run found for one table.

    Attributes:
        table: The table's name.
        run_id: The run.
        found: What `counts` and `run_checks` returned.
    """

    table: str
    run_id: str
    found: tuple[RuleCount | CheckResult, ...]

    @classmethod
    def of(cls, found: Sequence[RuleCount | CheckResult], *, table: str, run_id: str) -> QualityReport:
        """Return the report of a run."""
        return cls(table, run_id, tuple(found))

    @property
    def outcome(self) -> Outcome:
        """The worst outcome of all rules and checks."""
        return worst(item.outcome for item in self.found)

    @property
    def not_passed(self) -> tuple[RuleCount | CheckResult, ...]:
        """The rules and checks that are not passed, the worst first."""
        order = list(Outcome)
        found = [item for item in self.found if item.outcome is not Outcome.PASSED]
        return tuple(sorted(found, key=lambda item: -order.index(item.outcome)))

    def as_json(self) -> dict[str, Any]:
        """Return the report as data for JSON: names and numbers. No value of a row, unless a check measures one, as `max(salary)` does.

        A text `text` says the same in one line, which Slack and Teams show.
        """
        words = "; ".join(map(str, self.not_passed)) or "nothing failed"
        return {
            "text": f"quality of {self.table}: {self.outcome.value}: {words}",
            "table": self.table,
            "run_id": self.run_id,
            "outcome": self.outcome.value,
            "rules": [_as_json(item) for item in self.not_passed],
        }


def _as_json(item: RuleCount | CheckResult) -> dict[str, Any]:
    known = {"kind": item.kind, "severity": item.severity.value, "outcome": item.outcome.value}
    if isinstance(item, RuleCount):
        limit = str(item.limit) if item.limit else None
        return {"rule": item.rule, **known, "checked": item.checked, "failed": item.failed, "limit": limit}
    value = None if item.value is None or not math.isfinite(item.value) else float(item.value)
    return {"rule": item.check, **known, "value": value, "limit": item.bounds}
