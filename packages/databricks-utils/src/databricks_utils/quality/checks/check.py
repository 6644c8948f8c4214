"""What is checked of a whole table: an aggregate over its rows, or the one value of a query."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Union

from databricks_utils.quality.bounds import Bound, check_bounds
from databricks_utils.quality.errors import RuleDeclarationError
from databricks_utils.quality.rules import Severity, check_name
from databricks_utils.quality.spark_sql.reading_only import check_reads_only
from databricks_utils.quoting import quote_part

if TYPE_CHECKING:
    from pyspark.sql import Column


@dataclass(frozen=True)
class Check:
    """An aggregate over all rows of a table is in its bounds.

    Attributes:
        name: Lower-case identifier, unique among the checks of a table.
        measure: SQL text or Column of the aggregate, a number (true counts as 1): `count(*)`, `avg(amount)`. In text `{now}` is the time
            of the check. See also `row_count`, `null_rate` and `age_in_seconds`.
        reason: What it means if the check fails, for people.
        severity: `fail` (the step stops) or `warning`.
        at_least: The least allowed value; a duration stands for its seconds.
        at_most: The greatest allowed value.
        more_than: A value that is too small itself, in place of `at_least`.
        less_than: A value that is too great itself, in place of `at_most`.
        null_passes: Whether a measure without a value passes, such as the newest timestamp of an empty table. NaN never does.

    Raises:
        RuleNameError: The name is not a lower-case identifier.
        RuleDeclarationError: There is no bound, no number is in the bounds, the SQL can do more than read, or the severity is `error`:
            there is no row to keep out.

    Example:
        >>> from datetime import timedelta
        >>> Check("orders_are_fresh", age_in_seconds("ordered_at"), "no new orders", at_most=timedelta(hours=24)).severity.value
        'fail'
    """

    kind: ClassVar[str] = "check"

    name: str
    measure: Union[str, Column]  # noqa: UP007 - `|` is not possible with a class that is imported for types only
    reason: str
    severity: Severity = Severity.FAIL
    at_least: Bound = field(default=None, kw_only=True)
    at_most: Bound = field(default=None, kw_only=True)
    more_than: Bound = field(default=None, kw_only=True)
    less_than: Bound = field(default=None, kw_only=True)
    null_passes: bool = field(default=False, kw_only=True)

    def __post_init__(self) -> None:
        _complete(self)


@dataclass(frozen=True)
class Query:
    """The one value of a query is in its bounds: custom SQL, also over several tables.

    Attributes:
        name: Lower-case identifier, unique among the checks of a table.
        sql: A query, no other statement, of one row and one column, a number (true counts as 1). `{table}` stands for the checked table,
            `{name}` for another one that was given, `{now}` for the time of the check; inside of texts and comments nothing is replaced.
        reason: What it means if the check fails, for people.
        severity: `fail` (the step stops) or `warning`.
        at_least: The least allowed value; a duration stands for its seconds.
        at_most: The greatest allowed value.
        more_than: A value that is too small itself, in place of `at_least`.
        less_than: A value that is too great itself, in place of `at_most`.
        null_passes: Whether a query without a row, or with NULL, passes. NaN never does.
        masked: Whether its number may be a value of a row that is not to be shown: it is compared, and neither printed nor recorded.

    Raises:
        RuleNameError: The name is not a lower-case identifier.
        RuleDeclarationError: There is no bound, no number is in the bounds, the SQL can do more than read, or the severity is `error`.

    Example:
        >>> sql = "SELECT count(*) FROM {table} AS o LEFT ANTI JOIN {customers} AS c ON o.customer = c.id"
        >>> Query("customers_are_known", sql, "orders without a customer", at_most=0).kind
        'query'
    """

    kind: ClassVar[str] = "query"

    name: str
    sql: str
    reason: str
    severity: Severity = Severity.FAIL
    at_least: Bound = field(default=None, kw_only=True)
    at_most: Bound = field(default=None, kw_only=True)
    more_than: Bound = field(default=None, kw_only=True)
    less_than: Bound = field(default=None, kw_only=True)
    null_passes: bool = field(default=False, kw_only=True)
    masked: bool = field(default=False, kw_only=True)

    def __post_init__(self) -> None:
        _complete(self)


AnyCheck = Check | Query
"""A check of a whole table, of either kind."""


def row_count() -> str:
    """Return the measure that counts the rows of a table."""
    return "count(*)"


def null_rate(column: str) -> str:
    """Return the measure of the share of rows in which a column is NULL, 0 to 1; NULL if there are no rows.

    >>> null_rate("order id")
    'avg(if(`order id` IS NULL, 1, 0))'
    """
    return f"avg(if({quote_part(column)} IS NULL, 1, 0))"


def age_in_seconds(column: str) -> str:
    """Return the measure of the seconds from the newest timestamp of a column to the time of the check; below 0 if it is in the future.

    A date is its midnight, and like a timestamp without a time zone it is one in the session's time zone.

    >>> age_in_seconds("at")
    '(unix_micros({now}) - unix_micros(CAST(max(`at`) AS TIMESTAMP))) / 1000000'
    """
    return f"(unix_micros({{now}}) - unix_micros(CAST(max({quote_part(column)}) AS TIMESTAMP))) / 1000000"


def _complete(check: AnyCheck) -> None:
    check_name(check.name)
    object.__setattr__(check, "severity", Severity(check.severity))
    if check.severity is Severity.ERROR:
        raise RuleDeclarationError(
            f"quality: the check `{check.name}` has severity `error`, which sends rows to quarantine, and it has no rows",
            fix="choose `fail`, which stops the step, or `warning`",
        )
    check_reads_only(check.sql if isinstance(check, Query) else check.measure, rule=check.name)
    check_bounds(
        check.name, check.at_least, check.at_most, more_than=check.more_than, less_than=check.less_than
    )
