"""The standard's metrics that count values of a column (`nullValues`, `missingValues`, `invalidValues`), as rules.

A check that tolerates no row is a rule like any other. One that tolerates some keeps the rows and marks them; with more, no row of
the delivery is accepted.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from databricks_utils.config.tree import Node
from databricks_utils.contracts.rules.patterns import PatternError, check_pattern
from databricks_utils.contracts.rules.row_checks import NAME, refuse, severity_of
from databricks_utils.contracts.rules.tolerances import held_to, tolerance_of
from databricks_utils.contracts.rules.values import RULED, Value
from databricks_utils.contracts.types.literals import LiteralError, sql_literal
from databricks_utils.quality import Rule
from databricks_utils.quoting import literal

if TYPE_CHECKING:
    from open_data_contract_standard.model import DataQuality

_ARGUMENTS: Mapping[str, tuple[str, ...]] = {
    "nullValues": (),
    "missingValues": ("missingValues",),
    "invalidValues": ("validValues", "pattern"),
}
_NAMES = {"nullValues": "is_not_null", "missingValues": "is_not_missing", "invalidValues": "is_not_invalid"}
_WORDS = {"nullValues": "is NULL", "missingValues": "is missing", "invalidValues": "is not valid"}


def is_library_rule(given: "DataQuality") -> bool:
    """Return whether a check of a column is a rule for its rows."""
    return is_column_metric(given) and tolerance_of(given) is not None


def lacks_arguments(given: "DataQuality") -> bool:
    """Return whether a check leaves open what is missing or valid: the standard requires no arguments."""
    return bool(_ARGUMENTS.get(given.metric or given.rule or "")) and given.arguments is None


def library_rule(value: Value, given: "DataQuality", node: Node) -> Rule:
    """Return the rule of a check of a column; see `is_library_rule`.

    Args:
        value: The column, or the field inside of one.
        given: The check.
        node: The same in the tree of the file.

    Raises:
        CheckError: An argument is missing or cannot be, or the severity is misspelled.
    """
    metric, condition = given.metric or given.rule or "", condition_of(value, given, node)
    severity, limit = held_to(severity_of(given, node), tolerance_of(given))
    name = given.id or given.name or ""
    if not NAME.fullmatch(name):
        name = value.rule_name(_NAMES[metric])
    reason = " ".join((given.description or "").split()) or f"{value.label} {_WORDS[metric]}"
    shown = None if metric == "nullValues" else value.sql
    return Rule(name, condition, reason, severity, limit, shown, value.is_masked)


def is_column_metric(given: "DataQuality") -> bool:
    """Return whether a check counts values of a column that are not as they should be, and says which those are."""
    known = (given.metric or given.rule) in _ARGUMENTS and not lacks_arguments(given)
    return given.type in {None, "library"} and known


def condition_of(value: Value, given: "DataQuality", node: Node) -> str:
    """Return the condition of a value that such a check does not count, as SQL; see `library_rule`."""
    metric, arguments = given.metric or given.rule or "", given.arguments or {}
    for key in arguments:
        if key not in _ARGUMENTS[metric]:
            raise refuse(node, "arguments", f"`{metric}` has no argument `{key}`", f"known: {_known(metric)}")
    return _condition(value, metric, arguments, node)


def _condition(value: Value, metric: str, arguments: Mapping[str, object], node: Node) -> str:
    if metric == "nullValues":
        return f"{value.sql} IS NOT NULL"
    if metric == "missingValues":
        missing = arguments.get("missingValues")
        if not isinstance(missing, list) or not missing:
            raise refuse(
                node,
                "arguments",
                "`missingValues` needs a list of values",
                "e.g. {missingValues: [null, '', NA]}",
            )
        parts = [f"{value.sql} IS NOT NULL"] if None in missing else []
        texts = [_literal(value, item, node) for item in missing if item is not None]
        parts += [f"({value.sql} IS NULL OR {value.sql} NOT IN ({', '.join(texts)}))"] if texts else []
        return " AND ".join(parts)
    valid, pattern = arguments.get("validValues"), arguments.get("pattern")
    if valid is None and pattern is None:
        raise refuse(
            node, "arguments", "`invalidValues` needs what is valid", "add `validValues: […]` or `pattern: …`"
        )
    parts = []
    if valid is not None:
        if not isinstance(valid, list) or not valid:
            raise refuse(
                node, "arguments", "`validValues` must be a list of values", "e.g. {validValues: [kg, lb]}"
            )
        listed = [_literal(value, item, node) for item in valid if item is not None]
        if not listed:  # NULL is valid, and nothing else
            return f"{value.sql} IS NULL"
        parts.append(f"{value.sql} IN ({', '.join(listed)})")
    if pattern is not None:
        parts.append(f"{value.sql} RLIKE {literal(_pattern(value, pattern, node))}")
    return f"{value.sql} IS NULL OR ({' AND '.join(parts)})"


def _literal(value: Value, item: object, node: Node) -> str:
    try:
        return sql_literal(item, value.field.type)
    except LiteralError as error:
        fix = f"write values of type {value.field.type.sql()}"
        raise refuse(node, "arguments", f"{value.label}: {error}", fix) from None


def _pattern(value: Value, pattern: object, node: Node) -> str:
    if not isinstance(pattern, str) or value.field.type.name not in RULED["pattern"]:
        raise refuse(
            node, "arguments", f"{value.label}: `{pattern}` is no pattern of a text", "put it into quotes"
        )
    try:
        check_pattern(pattern)
    except PatternError as error:
        raise refuse(
            node, "arguments", f"{value.label}: the pattern is not valid: {error}", "correct it"
        ) from None
    return pattern


def _known(metric: str) -> str:
    return ", ".join(_ARGUMENTS[metric]) or "none"
