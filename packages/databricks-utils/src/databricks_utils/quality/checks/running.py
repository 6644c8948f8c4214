"""Run checks on a table: all aggregates in one query, each custom query by itself."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from databricks_utils.moments import as_micros
from databricks_utils.quality.bounds import Bound, is_within, words
from databricks_utils.quality.checks.check import AnyCheck, Check, Query
from databricks_utils.quality.checks.placeholders import fill, placeholders
from databricks_utils.quality.errors import CheckFailedError, RuleDeclarationError, RuleRefusedError
from databricks_utils.quality.outcomes import Outcome
from databricks_utils.quality.rules import Severity, check_names
from databricks_utils.quality.spark_sql.messages import is_refusal, message_of
from databricks_utils.quality.sql_tokens import tokens
from databricks_utils.quoting import quote
from databricks_utils.spark_failures import spark_failures

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame

_TABLE, _NOW = "table", "now"
# Functions of Spark that give the present time.
_OF_TIME = frozenset(
    {"now", "current_timestamp", "localtimestamp", "current_date", "curdate", "current_time"}
)
RESERVED = frozenset({_TABLE, _NOW})
"""Names that no other table can have in a query."""


@dataclass(frozen=True)
class CheckResult:
    """What one check found.

    Attributes:
        check: The check's name.
        kind: `check` or `query`.
        severity: `fail` or `warning`.
        reason: What it means if it fails.
        value: The measured number; None: the measure has no value, or it is not to be shown.
        at_least: The least allowed value.
        at_most: The greatest allowed value.
        more_than: A value that is too small itself.
        less_than: A value that is too great itself.
        outcome: `passed`, `warned` or `stopped`.
        seconds: How long the query took; aggregates share one, and each has its whole time.
        masked: Whether the number is not to be shown.
    """

    check: str
    kind: str
    severity: Severity
    reason: str
    value: int | float | Decimal | None
    at_least: Bound
    at_most: Bound
    outcome: Outcome
    seconds: float
    more_than: Bound = None
    less_than: Bound = None
    masked: bool = False

    @property
    def bounds(self) -> str:
        """The bounds in words."""
        return words(self.at_least, self.at_most, more_than=self.more_than, less_than=self.less_than)

    def __str__(self) -> str:
        """Return the result in words."""
        value = "***" if self.masked else "no value" if self.value is None else str(self.value)
        return f"`{self.check}`: {self.reason}: {value}; allowed: {self.bounds}"


def run_checks(
    table: DataFrame,
    checks: Sequence[AnyCheck],
    *,
    tables: Mapping[str, DataFrame | str] | None = None,
    now: datetime | None = None,
) -> tuple[CheckResult, ...]:
    """Measure a table and compare with the bounds of its checks.

    Args:
        table: The checked rows, any grain. For a Delta table all checks of kind `check` see one version of it.
        checks: The checks.
        tables: Other tables that queries name: rows, or a table's name.
        now: The time of the check; without a time zone it is in UTC; by default the present.

    Returns:
        One for each check, in their order.

    Raises:
        DuplicateRuleError: Two checks share a name.
        MissingTableError: A query names a table that was not given.
        RuleDeclarationError: Another table has the name `table` or `now`, or SQL cannot be read.
        RuleRefusedError: Spark refuses a measure or query, or it is not one number; the error names the check.
    """
    check_names(checks)
    if reserved := RESERVED & set(tables or {}):
        raise RuleDeclarationError(
            f"quality: a table cannot be given as `{min(reserved)}`: in a query that is the checked table or the time of the check",
            fix="give it another name",
        )
    moment = f"timestamp_micros({as_micros(now or datetime.now(UTC))})"
    measured = _aggregates(table, [check for check in checks if isinstance(check, Check)], moment)
    given = {**(tables or {}), _TABLE: table}
    for query in checks:
        if isinstance(query, Query):
            measured[query.name] = _timed(query, table, given, moment)
    return tuple(_result(check, *measured[check.name]) for check in checks)


def depends_on_time(check: AnyCheck) -> bool:
    """Return whether a check asks for the time of the check, so that it can fail although no row has changed."""
    text = check.sql if isinstance(check, Query) else check.measure
    if not isinstance(text, str):
        return False
    words = {token.text.lower() for token in tokens(text) or () if token.kind == "word"}
    return _NOW in placeholders(text, rule=check.name) or bool(words & _OF_TIME)


def assert_checks(results: Sequence[CheckResult], *, table: str) -> None:
    """Raise if a check of severity `fail` found its number out of bounds.

    Args:
        results: What `run_checks` returned.
        table: The table, for the error.

    Raises:
        CheckFailedError: The error names every such check, with its value and bounds.
    """
    failed = [result for result in results if result.outcome is Outcome.STOPPED]
    if failed:
        raise CheckFailedError(
            f"quality: {table} fails {len(failed)} of {len(results)} checks",
            detail="\n".join(map(str, failed)),
            location=table,
            fix="correct the table or what it is made from; if the data are right, change the bounds of the check",
        )


def _result(check: AnyCheck, value: int | float | Decimal | None, seconds: float) -> CheckResult:
    passes = is_within(
        value,
        check.at_least,
        check.at_most,
        more_than=check.more_than,
        less_than=check.less_than,
        null_passes=check.null_passes,
    )
    masked = isinstance(check, Query) and check.masked
    failing = Outcome.WARNED if check.severity is Severity.WARNING else Outcome.STOPPED
    return CheckResult(
        check.name,
        check.kind,
        check.severity,
        check.reason,
        None if masked else value,
        check.at_least,
        check.at_most,
        Outcome.PASSED if passes else failing,
        seconds,
        check.more_than,
        check.less_than,
        masked,
    )


def _aggregates(table: DataFrame, checks: Sequence[Check], moment: str) -> dict[str, tuple[Any, float]]:
    if not checks:
        return {}
    columns = {check.name: _measure(check, moment) for check in checks}
    started = time.monotonic()
    with _explained(table, columns):
        rows = table.agg(*(column.alias(name) for name, column in columns.items())).collect()
        if len(rows) != 1:
            raise _not_one_row(table, columns)
    (row,) = rows
    seconds = time.monotonic() - started
    return {check.name: (_number(check.name, row[check.name]), seconds) for check in checks}


def _measure(check: Check, moment: str) -> Column:
    from pyspark.sql import functions as F

    if not isinstance(check.measure, str):
        return check.measure
    return F.expr(fill(check.measure, {_NOW: moment}, rule=check.name))


@contextmanager
def _explained(table: DataFrame, columns: Mapping[str, Column]) -> Iterator[None]:
    """Name the check that Spark refuses among those of one query."""
    try:
        yield
    except spark_failures() as first:
        if not is_refusal(first):
            raise
        for name, column in columns.items():
            try:
                table.agg(column).collect()
            except spark_failures() as error:
                raise _refused(name, error) from None
        raise


def _not_one_row(table: DataFrame, columns: Mapping[str, Column]) -> RuleRefusedError:
    """Name the check that makes several rows, or none, of the one row of all aggregates."""
    odd = [name for name, column in columns.items() if len(table.agg(column).collect()) != 1]
    names = " and ".join(f"`{name}`" for name in odd or columns)
    return RuleRefusedError(
        f"quality: the check {names} has several rows or none; it must have one value",
        fix="measure an aggregate, e.g. count(*); a function such as explode makes rows",
    )


def _timed(
    query: Query, table: DataFrame, given: Mapping[str, DataFrame | str], moment: str
) -> tuple[Any, float]:
    started = time.monotonic()
    return _value(query, table, given, moment), time.monotonic() - started


def _value(query: Query, table: DataFrame, given: Mapping[str, DataFrame | str], moment: str) -> Any:  # noqa: ANN401 - a value of Spark
    with ExitStack() as views:
        names, own = {_NOW: moment}, dict[str, str]()
        sql = query.sql.strip().removesuffix(";")
        used = placeholders(sql, rule=query.name)
        for name, item in given.items():
            if name in used:
                if not isinstance(item, str):
                    own[name] = views.enter_context(_view(item))
                names[name] = quote(item) if isinstance(item, str) else own[name]
            else:
                names[name] = ""
        filled = fill(sql, names, rule=query.name)
        try:
            # As a part of another query it can be a query only, whatever it says.
            frame = table.sparkSession.sql(f"SELECT * FROM (\n{filled}\n) LIMIT 2")  # noqa: S608 - the caller's query
            rows = frame.collect()
            width = len(rows[0]) if rows else len(frame.columns)
        except spark_failures() as error:
            if not is_refusal(error):
                raise
            _check_session(query.name, table, own)
            raise _refused(query.name, error) from None
    if len(rows) > 1 or width != 1:
        found = f"{width} columns" if width != 1 else "several rows"
        raise RuleRefusedError(
            f"quality: the query `{query.name}` has {found}; it must have one value",
            fix="select one aggregate, e.g. SELECT count(*) FROM {table} WHERE …",
        )
    return _number(query.name, rows[0][0] if rows else None)


def _check_session(query: str, table: DataFrame, views: Mapping[str, str]) -> None:
    """Raise if rows are of another session than the checked ones, which does not find their views."""
    for name, view in views.items():
        if not table.sparkSession.catalog.tableExists(view):
            raise RuleRefusedError(
                f"quality: the query `{query}` cannot read `{name}`: its rows are of another Spark session than the checked table",
                fix="read them with the session of the checked table, in foreachBatch batch.sparkSession, or give the name of a table",
            )


@contextmanager
def _view(df: DataFrame) -> Iterator[str]:
    name = f"quality_{uuid4().hex}"
    df.createOrReplaceTempView(name)
    try:
        yield name
    finally:
        df.sparkSession.catalog.dropTempView(name)


def _number(check: str, value: object) -> int | float | Decimal | None:
    if isinstance(value, bool):
        return int(value)
    if not isinstance(value, int | float | Decimal | None):
        raise RuleRefusedError(
            f"quality: `{check}` measures {type(value).__name__}, which is no number",
            fix="measure a number: count_if(…), avg(…), unix_micros(…), CAST(… AS DOUBLE)",
        )
    return value


def _refused(check: str, error: Exception) -> RuleRefusedError:
    return RuleRefusedError(
        f"quality: Spark cannot evaluate the check `{check}`",
        detail=message_of(error),
        fix="correct its SQL and the names of its columns; a check measures an aggregate, a query selects one value",
    )
