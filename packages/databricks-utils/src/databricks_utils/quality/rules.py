"""A rule: what must be true of a row, and what is said of a row of which it is not."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Union

from databricks_utils.quality.errors import DuplicateRuleError, RuleNameError

if TYPE_CHECKING:
    from pyspark.sql import Column

_NAME = re.compile(r"[a-z][a-z0-9_]*")


class Severity(StrEnum):
    """What a failed rule does to the row."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True)
class Rule:
    """One expectation of a row.

    Attributes:
        name: Lower-case identifier, unique among the rules of a table.
        expression: Boolean SQL text or Column that a good row fulfils. NULL does not fulfil it: a rule that allows a
            missing value says so (`dest IS NULL OR …`).
        reason: What the reader of the quarantine is told.
        severity: An `error` sends the row to quarantine; a `warning` is recorded and the row stays valid.

    Raises:
        RuleNameError: The name could not name a metric.

    Example:
        >>> Rule("delay_is_known", "arr_delay IS NOT NULL", "no arrival delay").severity.value
        'error'
    """

    name: str
    expression: Union[str, "Column"]
    reason: str
    severity: Severity = Severity.ERROR

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise RuleNameError(
                f"quality: {self.name!r} cannot be a rule's name",
                fix="use lower-case letters, digits and `_`, beginning with a letter, e.g. `delay_is_known`",
            )
        object.__setattr__(self, "severity", Severity(self.severity))

    def holds(self) -> "Column":
        """Return the Column that is true where the row fulfils the rule, and false otherwise, never NULL."""
        from pyspark.sql import functions as F  # noqa: N812 - the field's name for it

        condition = F.expr(self.expression) if isinstance(self.expression, str) else self.expression
        return F.coalesce(condition, F.expr("false"))


def check_names(rules: Sequence[Rule]) -> None:
    """Refuse two rules of one name.

    Raises:
        DuplicateRuleError: Names the rule that is there twice.
    """
    seen: set[str] = set()
    for rule in rules:
        if rule.name in seen:
            raise DuplicateRuleError(
                f"quality: the rule `{rule.name}` is defined twice", fix="give one of them another name"
            )
        seen.add(rule.name)
