"""How many rows fail each rule, and whether that is more than may."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from databricks_utils.quality.annotation import FAILURES
from databricks_utils.quality.errors import RuleLimitError
from databricks_utils.quality.limits import Limit
from databricks_utils.quality.rules import Rule, Severity

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

_EVERY = ""
_STOP = Limit(rows=0)


@dataclass(frozen=True)
class RuleCount:
    """The rows of a delivery that fail a rule.

    Attributes:
        rule: The rule.
        checked: Rows that were judged.
        failed: Rows among them that fail the rule.
    """

    rule: Rule
    checked: int
    failed: int

    @property
    def rate(self) -> float:
        """The share of the rows that fail, 0 to 1; 0 without rows."""
        return self.failed / self.checked if self.checked else 0.0

    @property
    def limit(self) -> Limit | None:
        """The most rows that may fail; none with severity `fail`."""
        return self.rule.limit or (_STOP if self.rule.severity is Severity.FAIL else None)

    @property
    def is_exceeded(self) -> bool:
        """Whether more rows fail than may."""
        return self.limit is not None and self.limit.exceeded_by(self.failed, of=self.checked)

    @property
    def outcome(self) -> str:
        """`stopped` if more rows fail than may; `quarantined` or `warned` if some fail; `passed` if none does."""
        if self.is_exceeded:
            return "stopped"
        if not self.failed:
            return "passed"
        return "warned" if self.rule.severity is Severity.WARNING else "quarantined"


def count_failures(annotated: DataFrame, rules: Sequence[Rule]) -> tuple[RuleCount, ...]:
    """Count the rows that fail each rule, in one query.

    Args:
        annotated: Rows with `_failures`.
        rules: Their rules.

    Returns:
        One item for each rule, in the order of the rules, also for those that no row fails.
    """
    from pyspark.sql import functions as F

    failed = F.transform(FAILURES, lambda failure: failure["rule"])
    each = annotated.select(F.explode(F.concat(F.array(F.lit(_EVERY)), failed)).alias("rule"))
    found = {
        row["rule"]: int(row["rows"])
        for row in each.groupBy("rule").agg(F.count("*").alias("rows")).collect()
    }
    checked = found.get(_EVERY, 0)
    unique = {rule.name: rule for rule in rules}
    return tuple(RuleCount(rule, checked, found.get(name, 0)) for name, rule in unique.items())


def assert_limits(counts: Sequence[RuleCount], *, table: str, fix: str) -> None:
    """Raise if more rows fail a rule than may.

    Args:
        counts: The failures of a delivery.
        table: The table of the rows, for the error.
        fix: The fix, for the error.

    Raises:
        RuleLimitError: They do; the error names every such rule.
    """
    exceeded = [count for count in counts if count.is_exceeded]
    if not exceeded:
        return
    raise RuleLimitError(
        f"quality: too many rows of {table} fail {', '.join(f'`{count.rule.name}`' for count in exceeded)}",
        detail="\n".join(
            f"{count.rule.name}: {count.failed:,} of {count.checked:,} rows, {count.rate:.1%}, at most {count.limit}: "
            f"{count.rule.reason}"
            for count in exceeded
        ),
        location=table,
        fix=fix,
    )
