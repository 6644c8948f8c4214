"""Count what was written: the checked and the failed rows of each rule, and whether a limit is exceeded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from databricks_utils.quality.annotation import AnyRule
from databricks_utils.quality.errors import LimitExceededError
from databricks_utils.quality.failure_columns import FAILURES
from databricks_utils.quality.limits import Limit, percent_words
from databricks_utils.quality.outcomes import Outcome
from databricks_utils.quality.rules import Severity, check_names, threshold

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

_MOST_DIGITS = 17  # of a DOUBLE


@dataclass(frozen=True)
class RuleCount:
    """What one rule found in some rows.

    Attributes:
        rule: The rule's name.
        kind: `row`, `unique`, `reference` or `group`.
        severity: Its severity.
        checked: Number of rows; a row that the rule passes because of a NULL counts too.
        failed: Number of rows that failed.
        limit: The limit that holds for the rule; no row for severity `fail`; None: there is none.
    """

    rule: str
    kind: str
    severity: Severity
    checked: int
    failed: int
    limit: Limit | None = None

    @property
    def rate(self) -> float:
        """The share of the checked rows that failed, 0 to 1; 0 if no row was checked."""
        return self.failed / self.checked if self.checked else 0.0

    @property
    def is_exceeded(self) -> bool:
        """Whether more rows failed than the limit allows, and the delivery is not accepted."""
        limit = self.limit if self.limit is not None and not self.limit.only_warns else None
        return limit is not None and limit.is_exceeded(failed=self.failed, checked=self.checked)

    @property
    def outcome(self) -> Outcome:
        """`stopped` if more rows failed than may; `quarantined` or `warned` if some failed; `passed` if none did."""
        if self.is_exceeded:
            return Outcome.STOPPED
        if not self.failed:
            return Outcome.PASSED
        return Outcome.WARNED if self.severity.keeps_the_row else Outcome.QUARANTINED

    def __str__(self) -> str:
        """Return the numbers in words.

        >>> str(RuleCount("a", "row", Severity.ERROR, 1000, 60, Limit(percent=5)))
        '`a`: 60 of 1,000 rows failed, 6 %; allowed: 5 %'
        """
        allowed = f"; allowed: {self.limit}" if self.limit else ""
        return f"`{self.rule}`: {self.failed:,} of {self.checked:,} rows failed, {self._percent()} %{allowed}"

    def _percent(self) -> str:
        """Return the rate with three digits, or with as many as show on which side of the limit, and of all rows, it is."""
        percent = Fraction(100 * self.failed, self.checked) if self.checked else Fraction(0)
        marks = [Fraction(100)]
        if self.limit is not None and self.limit.percent is not None:
            marks.append(Fraction(str(self.limit.percent)))
        digits = 3
        while True:
            shown = percent_words(float(f"{float(percent):.{digits}g}"))
            if digits == _MOST_DIGITS or all(
                (Fraction(shown) > mark) - (Fraction(shown) < mark) == (percent > mark) - (percent < mark)
                for mark in marks
            ):
                return shown
            digits += 1


def counts(annotated: DataFrame, rules: Sequence[AnyRule]) -> tuple[RuleCount, ...]:
    """Count the checked and failed rows of each rule, in one pass over annotated rows.

    Read them from the table that they were written to: then nothing is judged twice, and the counts are those of the written rows.

    Args:
        annotated: Rows with `_failures`, all of which were checked by these rules. Other columns are not read.
        rules: The rules. Failures of other rules are not counted.

    Returns:
        One for each rule, in their order, also those without failures.

    Raises:
        DuplicateRuleError: Two rules share a name.
    """
    from pyspark.sql import functions as F

    check_names(rules)
    each = annotated.select(F.posexplode_outer(FAILURES).alias("place", "failure"))
    grouped = each.groupBy("failure.rule").agg(
        F.count("*").alias("failed"), F.count_if(F.expr("coalesce(place, 0) = 0")).alias("rows")
    )
    found = grouped.collect()
    checked = sum(int(row["rows"]) for row in found)
    failed = {row["rule"]: int(row["failed"]) for row in found}
    return tuple(
        RuleCount(rule.name, rule.kind, rule.severity, checked, failed.get(rule.name, 0), threshold(rule))
        for rule in rules
    )


def assert_limits(
    counted: Sequence[RuleCount],
    *,
    table: str,
    fix: str = "look at `_failures`; correct the source or the rule, or allow a larger limit",
    consequence: str = "nothing of the delivery is accepted",
) -> None:
    """Raise if more rows failed a rule than its limit allows, or one row failed a rule of severity `fail`.

    Args:
        counted: What `counts` returned.
        table: The table of the rows, for the error.
        fix: The fix, for the error.
        consequence: What follows, for the error.

    Raises:
        LimitExceededError: The error names every such rule, with its numbers.

    Example:
        >>> assert_limits([RuleCount("a", "row", Severity.ERROR, 1000, 50, Limit(percent=5))], table="orders")
    """
    exceeded = [count for count in counted if count.is_exceeded]
    if exceeded:
        rules = "one rule fails" if len(exceeded) == 1 else f"{len(exceeded)} rules fail"
        raise LimitExceededError(
            f"quality: {rules} on more rows of {table} than allowed; {consequence}",
            detail="\n".join(map(str, exceeded)),
            location=table,
            fix=fix,
        )
