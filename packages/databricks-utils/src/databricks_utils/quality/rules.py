"""A rule: a condition that each row must meet, and the reason that is recorded if a row does not."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Union

from databricks_utils.quality.errors import DuplicateRuleError, RuleNameError
from databricks_utils.quality.limits import Limit

if TYPE_CHECKING:
    from pyspark.sql import Column

MASK, LONGEST = "***", 100
_NAME = re.compile(r"[a-z][a-z0-9_]*")


class Severity(StrEnum):
    """The effect of a failed rule.

    With `error` the row is quarantined; with `warning` it stays, marked; with `fail` no row of its delivery is accepted.
    """

    ERROR = "error"
    WARNING = "warning"
    FAIL = "fail"


@dataclass(frozen=True)
class Rule:
    """One expectation of a row.

    Attributes:
        name: Lower-case identifier, unique among the rules of a table.
        expression: Boolean SQL text or Column that is true for a valid row. NULL counts as false: to allow a missing
            value, write `dest IS NULL OR …`.
        reason: The text that a quarantined row gets, for people.
        severity: With `error` the row is quarantined; with `warning` the failure is recorded and the row stays valid; with `fail` the row
            is quarantined, and no row of its delivery is accepted.
        limit: The most rows that may fail; if more do, no row of the delivery is accepted. None: any number.
        value: SQL of the value that is recorded with a failure, as text; empty: none.
        masked: Whether `***` is recorded instead, because the value is about somebody.

    Raises:
        RuleNameError: The name is not a lower-case identifier.

    Example:
        >>> Rule("delay_is_known", "arr_delay IS NOT NULL", "no arrival delay").severity.value
        'error'
    """

    name: str
    expression: Union[str, "Column"]
    reason: str
    severity: Severity = Severity.ERROR
    limit: Limit | None = None
    value: str = ""
    masked: bool = False

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise RuleNameError(
                f"quality: {self.name!r} is not a valid name for a rule",
                fix="use lower-case letters, digits and `_`, and start with a letter, e.g. `delay_is_known`",
            )
        object.__setattr__(self, "severity", Severity(self.severity))

    def holds(self) -> "Column":
        """Return a boolean Column: true if the row meets the rule, else false; never NULL."""
        from pyspark.sql import functions as F

        condition = F.expr(self.expression) if isinstance(self.expression, str) else self.expression
        return F.coalesce(condition, F.expr("false"))

    def shown(self) -> "Column":
        """Return the value that is recorded with a failure: text of at most 100 characters, or NULL."""
        from pyspark.sql import functions as F

        if not self.value:
            return F.lit(None).cast("string")
        return F.lit(MASK) if self.masked else F.left(F.expr(self.value).cast("string"), F.lit(LONGEST))


def check_names(rules: Sequence[Rule]) -> None:
    """Check that no two rules have the same name.

    Raises:
        DuplicateRuleError: Two rules have the same name.
    """
    seen: set[str] = set()
    for rule in rules:
        if rule.name in seen:
            raise DuplicateRuleError(
                f"quality: the rule `{rule.name}` is defined twice", fix="give one of them another name"
            )
        seen.add(rule.name)
