"""The checks of a contract (`quality`) that measure a whole table, as checks of `databricks_utils.quality`."""

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from databricks_utils.config.tree import Node
from databricks_utils.contracts.errors import Problem
from databricks_utils.contracts.rules.library import condition_of, is_column_metric, is_library_rule
from databricks_utils.contracts.rules.row_checks import NAME, CheckError, refuse_for, severity_of
from databricks_utils.contracts.rules.values import Value
from databricks_utils.contracts.whole_tables.operators import Bounds, bounds_of
from databricks_utils.quality import AnyCheck, Check, QualityError, Query, Severity, row_count
from databricks_utils.quality.checks.placeholders import placeholders
from databricks_utils.quality.sql_tokens import tokens

if TYPE_CHECKING:
    from open_data_contract_standard.model import DataQuality

# The standard's names for the table and the column of a query; earlier versions wrote them with a dollar.
_NAMES = re.compile(r"\$?\{(object|table|property|column)\}")
# A query whose number is no value of a row, whatever the column holds.
_COUNTS = re.compile(
    r"\s*select\s+(count|count_if|approx_count_distinct)\s*\([^()]*\)\s+from\b", re.IGNORECASE
)
_ROW_COUNT = "rowCount"
_PERCENT = ("percent", "%")
_ROWS = ("rows", "row")
_UNITS = (*_ROWS, *_PERCENT)


def is_table_check(given: "DataQuality", value: Value | None) -> bool:
    """Return whether a check measures a whole table, and can be executed.

    Args:
        given: The check.
        value: The column, or the field inside of one, that it is a check of; None: the table.
    """
    if bounds_of(given) is None:
        return False
    if given.type == "sql":
        return _is_possible(_sql(given.query or "", value))
    if given.type not in {None, "library"}:
        return False
    if value is None:
        return (given.metric or given.rule) == _ROW_COUNT and (given.unit or "rows").lower() in _ROWS
    has_unit = (given.unit or "rows").lower() in _UNITS
    return value.is_understood and has_unit and is_column_metric(given) and not is_library_rule(given)


def table_checks(
    given: "Sequence[DataQuality]", value: Value | None, node: Node, problems: list[Problem]
) -> Iterator[tuple[AnyCheck, Node]]:
    """Yield the check of each that measures a whole table, and where it stands.

    Args:
        given: The checks of a table, or of a value.
        value: See `is_table_check`.
        node: The checks in the tree of the file.
        problems: Gets what is wrong with a check.
    """
    for at, item in enumerate(given):
        if is_table_check(item, value):
            place = node.closest((str(at),))
            try:
                yield _check(item, value, place), place
            except CheckError as error:
                problems.append(error.problem)


def _check(given: "DataQuality", value: Value | None, node: Node) -> AnyCheck:
    severity, bounds = table_severity(given, node), bounds_of(given) or Bounds()
    words = " ".join((given.description or "").split())
    name = given.id or given.name or ""
    try:
        if given.type == "sql":
            name = name if NAME.fullmatch(name) else (value.rule_name("query") if value else "query")
            reason = words or f"what `{name}` measures"
            sql = _sql(given.query or "", value)
            masked = value is not None and value.is_masked and not _COUNTS.match(sql)
            return Query(name, sql, reason, severity, masked=masked, **bounds)
        if value is None:
            name = name if NAME.fullmatch(name) else "row_count"
            return Check(name, row_count(), words or "the number of rows", severity, **bounds)
        return _column_check(given, value, node, severity)
    except QualityError as error:
        raise refuse_for(error, node, "id") from None


def _column_check(given: "DataQuality", value: Value, node: Node, severity: Severity) -> Check:
    metric, name = given.metric or given.rule or "", given.id or given.name or ""
    name = name if NAME.fullmatch(name) else value.rule_name(re.sub(r"([A-Z])", r"_\1", metric).lower())
    broken = f"coalesce(NOT ({condition_of(value, given, node)}), true)"
    is_share = (given.unit or "").lower() in _PERCENT
    measure = f"100 * avg(if({broken}, 1, 0))" if is_share else f"count_if({broken})"
    reason = " ".join((given.description or "").split()) or f"{metric} of {value.label}"
    return Check(name, measure, reason, severity, null_passes=is_share, **(bounds_of(given) or Bounds()))


def table_severity(given: "DataQuality", node: Node) -> Severity:
    """Return how severe a failed check of a table is: it warns or stops, since there is no row to keep out.

    Raises:
        CheckError: There is no such severity.
    """
    severity = severity_of(given, node)
    return Severity.WARNING if severity is Severity.WARNING else Severity.FAIL


def _is_possible(sql: str) -> bool:
    """Whether a query can be read, and is about the table: `{property}` of no column would be left in it."""
    if "${" in sql or tokens(sql) is None:
        return False
    named = placeholders(sql, rule="query")
    return "table" in named and not {"property", "column"} & set(named)


def _sql(query: str, value: Value | None) -> str:
    """The query with our placeholder for the table, and the column as SQL."""

    def meant(found: re.Match[str]) -> str:
        if found[1] in {"object", "table"}:
            return "{table}"
        return value.sql if value else found[0]

    return _NAMES.sub(meant, query)
