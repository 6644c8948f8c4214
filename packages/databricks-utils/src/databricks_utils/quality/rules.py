"""A rule: a condition that each row must meet, and the reason that is recorded if a row does not."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar, Protocol, Union

from databricks_utils.quality.errors import DuplicateRuleError, RuleDeclarationError, RuleNameError
from databricks_utils.quality.limits import NONE, Limit
from databricks_utils.quality.spark_sql.reading_only import check_reads_only

if TYPE_CHECKING:
    from pyspark.sql import Column

    Expression = str | Column

_NAME = re.compile(r"[a-z][a-z0-9_]*")


class Severity(StrEnum):
    """The effect of a failed rule.

    With `error` the row goes to quarantine. With `warning` (or `warn`) it is kept, and the failure is recorded. With `fail` the row goes
    to quarantine, and nothing of its delivery is accepted.
    """

    ERROR = "error"
    WARNING = "warning"
    FAIL = "fail"

    @classmethod
    def _missing_(cls, value: object) -> "Severity | None":
        return cls.WARNING if value == "warn" else None

    @property
    def keeps_the_row(self) -> bool:
        """Whether a row that fails the rule stays valid."""
        return self is Severity.WARNING


class Named(Protocol):
    """What every kind of rule and check has."""

    @property
    def name(self) -> str:
        """The lower-case identifier."""


@dataclass(frozen=True)
class Rule:
    """One expectation of a row.

    Attributes:
        name: Lower-case identifier, unique among the rules of a table.
        expression: Boolean SQL text or Column that is true for a valid row. NULL counts as false: to allow a missing
            value, write `dest IS NULL OR …`.
        reason: The text that a failing row gets, for people.
        severity: What a failing row means; see `Severity`.
        limit: The most failing rows that a delivery may have. Failing rows are handled by the severity in any case.
        value: SQL text or Column of the offending value; failures show it as text, cut after 200 characters.
        masked: Show `***` instead of the value.

    Raises:
        RuleNameError: The name is not a lower-case identifier.
        RuleDeclarationError: A rule of severity `fail` has a limit, or its SQL can do more than read.

    Example:
        >>> Rule("delay_is_known", "arr_delay IS NOT NULL", "no arrival delay").severity.value
        'error'
        >>> Rule("delay_is_small", "delay < 1500", "more than a day", "warn", Limit(percent=5), value="delay").kind
        'row'
    """

    kind: ClassVar[str] = "row"

    name: str
    expression: Union[str, "Column"]
    reason: str
    severity: Severity = Severity.ERROR
    limit: Limit | None = None
    value: Union[str, "Column", None] = None
    masked: bool = False

    def __post_init__(self) -> None:
        complete_declaration(self)
        for sql in (self.expression, self.value):
            check_reads_only(sql, rule=self.name)

    def holds(self) -> "Column":
        """Return a boolean Column: true if the row meets the rule, else false; never NULL."""
        from pyspark.sql import functions as F

        condition = F.expr(self.expression) if isinstance(self.expression, str) else self.expression
        return F.coalesce(condition, F.expr("false"))


class Declared(Named, Protocol):
    """What every rule about rows has."""

    @property
    def severity(self) -> Severity:
        """What a failing row means."""

    @property
    def limit(self) -> Limit | None:
        """The limit that the rule declares."""


def complete_declaration(rule: Declared) -> None:
    """Check the name and the limit of a new rule, and turn the text of a severity into a `Severity`.

    Raises:
        RuleNameError: The name is not a lower-case identifier.
        RuleDeclarationError: A rule of severity `fail` has a limit.
    """
    check_name(rule.name)
    object.__setattr__(rule, "severity", Severity(rule.severity))
    if rule.limit is not None and not isinstance(rule.limit, Limit):
        raise RuleDeclarationError(
            f"quality: `{rule.name}` has the limit {rule.limit!r}",
            fix="write Limit(rows=10) or Limit(percent=5)",
        )
    if rule.severity is Severity.FAIL and rule.limit is not None:
        raise RuleDeclarationError(
            f"quality: `{rule.name}` has severity `fail`, which allows no failing row, and a limit of {rule.limit}",
            fix="remove the limit, or give the rule severity `error` or `warning`: above its limit the step stops too",
        )


def threshold(rule: Declared) -> Limit | None:
    """Return the limit that holds for a rule: its own, no row for severity `fail`, else None."""
    return NONE if rule.severity is Severity.FAIL else rule.limit


def check_name(name: str) -> None:
    """Check the name of a rule or check.

    Raises:
        RuleNameError: It is not a lower-case identifier.
    """
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise RuleNameError(
            f"quality: {name!r} is not a valid name for a rule",
            fix="use lower-case letters, digits and `_`, and start with a letter, e.g. `delay_is_known`",
        )


def check_names(rules: Iterable[Named]) -> None:
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
