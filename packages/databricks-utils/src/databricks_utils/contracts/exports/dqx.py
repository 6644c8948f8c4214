"""The rules of a table as checks of DQX (YAML). Nothing of DQX is used here, only its documented format.

Source: the reference of DQX 0.16 and 0.17, and the code of 0.7, from which on it has all functions used here. A check of
`sql_expression` passes where its expression is NULL, a rule of ours does not: the expression is wrapped. Lists of values are such
expressions too: the texts of `is_in_list` are values before 0.16, and columns from then on (its issue 1419). `{{ name }}` in any text
is a variable of DQX: braces are written by their number.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import yaml

from databricks_utils.config.tree import Data
from databricks_utils.contracts.contract import Contract
from databricks_utils.contracts.exports.comments import head, not_exported
from databricks_utils.contracts.exports.own_dqx_checks import own_checks
from databricks_utils.contracts.exports.promises import Promise, limits_of, lines, of_table, promises_of
from databricks_utils.contracts.exports.table_names import check_names, full_name
from databricks_utils.contracts.parts import Relation, TableParts, relations_of
from databricks_utils.contracts.parts.foreign_keys import severity_of
from databricks_utils.plain_names import plain_name, unused
from databricks_utils.quality import Rule, Severity
from databricks_utils.quoting import quote, quote_part

if TYPE_CHECKING:
    from open_data_contract_standard.model import DataQuality

_CRITICALITY: Mapping[Severity, str] = {
    Severity.FAIL: "error",
    Severity.ERROR: "error",
    Severity.WARNING: "warn",
}
_QUOTED_NAME = re.compile(r"'(?:[^'\\]|\\.)*'|`((?:[^`]|``)*)`", re.DOTALL)
_BRACES = "{{"
_WIDEST = 1000
# The function for a threshold of whole numbers, and what is added to its limit.
_COUNTS = {
    "mustBe": ("is_aggr_equal", 0),
    "mustNotBe": ("is_aggr_not_equal", 0),
    "mustBeGreaterThan": ("is_aggr_not_less_than", 1),
    "mustBeGreaterOrEqualTo": ("is_aggr_not_less_than", 0),
    "mustBeLessThan": ("is_aggr_not_greater_than", -1),
    "mustBeLessOrEqualTo": ("is_aggr_not_greater_than", 0),
}


def dqx(contract: Contract, table: TableParts, *, schema: str = "") -> str:
    """Return the checks of a table as the text of a YAML file.

    Args:
        contract: The contract.
        table: One of its tables.
        schema: Where its other tables are, for foreign keys: `catalog.schema`; empty for the session's.
    """
    check_names([table], schema)
    writer = _Writer(contract, table, schema)
    checks = list(writer.checks())
    text = yaml.safe_dump(checks, sort_keys=False, allow_unicode=True, width=_WIDEST) if checks else "[]\n"
    return "\n".join([head(contract, "#", table), *not_exported(writer.missing(), "#"), text]).rstrip("\n")


class _Writer:
    """Writes the checks of one table."""

    def __init__(self, contract: Contract, table: TableParts, schema: str) -> None:
        self._contract = contract
        self._table = table
        self._schema = schema
        self._relations = of_table(relations_of([contract]), table)
        self._promises = promises_of(contract, table, self._relations)
        self._said: set[Promise] = set()  # those that have a check, or a note
        self._notes: list[str] = []
        self._names: set[str] = set()

    def checks(self) -> Iterator[Data]:
        """Yield the checks: those of rows in the order of the rules, then those of the whole table."""
        for rule in self._table.table.rules:
            if not isinstance(rule.expression, str):
                self._notes.append(rule.reason)
            elif _has_braces_in_a_name(rule.expression):
                self._notes.append(f"{rule.reason}: the name has `{_BRACES}`, which DQX replaces")
            else:
                yield self._check(rule.name, _CRITICALITY[rule.severity], *self._of_rule(rule))
        yield from self._unique()
        yield from self._foreign_keys()
        yield from self._row_counts()
        yield from self._own()

    def missing(self) -> Sequence[str]:
        """Return one line for each promise without a check; all checks must have been made before."""
        left = [promise for promise in self._promises if not promise.has_rule and promise not in self._said]
        return (*self._notes, *limits_of(self._table), *lines(left))

    def _check(self, name: str, criticality: str, function: str, arguments: dict[str, Data]) -> Data:
        return {
            "name": unused(name, self._names),
            "criticality": criticality,
            "check": {"function": function, "arguments": arguments},
            "user_metadata": self._metadata(),
        }

    def _metadata(self) -> dict[str, Data]:
        about = {"contract": self._contract.id, "contract_version": self._contract.version}
        return {key: _without_variables(value) for key, value in about.items()}

    def _of_rule(self, rule: Rule) -> tuple[str, dict[str, Data]]:
        """The function for a rule: the built-in one for columns that must not be NULL."""
        expression = str(rule.expression)
        for part in self._table.columns:
            if expression == f"{quote_part(part.name)} IS NOT NULL":
                return "is_not_null", {"column": quote_part(part.name)}
        reason = _without_variables(rule.reason)
        return "sql_expression", {"expression": _escaped(f"coalesce({expression}, false)"), "msg": reason}

    def _unique(self) -> Iterator[Data]:
        keys = self._table.table.keys
        for promise in self._promises:
            columns = keys if promise.key == "primaryKey" and not promise.label else ()
            if promise.key == "unique" and any(part.name == promise.label for part in self._table.columns):
                columns = (promise.label,)
            if columns and self._names_fit(promise, columns):
                arguments: dict[str, Data] = {
                    "columns": list(map(quote_part, columns)),
                    "nulls_distinct": True,
                }
                yield self._check(_name(columns, "is_unique"), "error", "is_unique", arguments)

    def _foreign_keys(self) -> Iterator[Data]:
        for relation in self._relations:
            if relation.target is None or not _is_of_columns(relation):
                continue
            columns, theirs = (
                [item.column.name for item in side if item.column] for side in (relation.columns, relation.to)
            )
            target = full_name(relation.target, self._schema)
            promise = Promise("", "relationship", f"the relationship {relation.words}")
            if self._names_fit(promise, (*columns, *theirs, target)):
                arguments: dict[str, Data] = {
                    "columns": list(map(quote_part, columns)),
                    "ref_columns": list(map(quote_part, theirs)),
                    "ref_table": quote(target),
                }
                severity = _CRITICALITY[severity_of(relation)]
                yield self._check(_name(columns, "is_known"), severity, "foreign_key", arguments)

    def _row_counts(self) -> Iterator[Data]:
        promises = {item.key: item for item in self._promises if not item.label}
        for at, check in enumerate(self._table.given.quality or []):
            limits = list(_limits(check))
            if not limits or (check.metric or check.rule) != "rowCount" or (check.unit or "rows") != "rows":
                continue
            self._said.add(promises[f"quality {at}"])
            for number, (function, limit) in enumerate(limits, start=1):
                name = f"row_count_{at + 1}{f'_{number}' if len(limits) > 1 else ''}"
                arguments: dict[str, Data] = {"column": "*", "aggr_type": "count", "limit": limit}
                yield self._check(name, _severity(check), function, arguments)

    def _own(self) -> Iterator[Data]:
        """The checks that are written for DQX, as they are."""
        promises = {(item.label, item.key): item for item in self._promises}
        for own in own_checks(self._table):
            promise = promises[own.label, own.key]
            self._said.add(promise)
            if own.wrong:
                self._notes.append(f"{promise.words}: {own.wrong}")
                continue
            name = own.found.get("name") or own.given.id or own.given.name
            yield {
                **({"name": unused(name, self._names)} if name else {}),
                "criticality": own.found.get("criticality", _severity(own.given)),
                **{key: value for key, value in own.found.items() if key not in {"name", "criticality"}},
                "user_metadata": {**self._metadata(), **own.found.get("user_metadata", {})},
            }

    def _names_fit(self, promise: Promise, names: Sequence[str]) -> bool:
        if any(_BRACES in name for name in names):
            return False
        self._said.add(promise)
        return True


def _severity(check: "DataQuality") -> str:
    return "warn" if (check.severity or "").lower() in {"warning", "warn", "info"} else "error"


def _limits(check: "DataQuality") -> Iterator[tuple[str, int]]:
    """The thresholds of a check as functions of DQX; nothing if one of them is none of these, or no whole number."""
    found = []
    for key in type(check).model_fields:
        given = getattr(check, key)
        if not key.startswith("must") or given is None:
            continue
        if key not in _COUNTS or isinstance(given, bool) or not isinstance(given, int):
            return
        function, more = _COUNTS[key]
        found.append((function, given + more))
    yield from found


def _is_of_columns(relation: Relation) -> bool:
    """Whether both sides are columns of tables that are here, and as many."""
    references = (*relation.columns, *relation.to)
    named = all(item.column is not None and item.column.label == item.column.name for item in references)
    own = {item.table.table.name for item in relation.columns if item.table}
    return named and own == {relation.table.table.name} and len(relation.columns) == len(relation.to)


def _name(columns: Sequence[str], suffix: str) -> str:
    return f"{plain_name('_'.join(columns), 'column') or 'key'}_{suffix}"


def _has_braces_in_a_name(expression: str) -> bool:
    return any(_BRACES in (found[1] or "") for found in _QUOTED_NAME.finditer(expression))


def _escaped(expression: str) -> str:
    """SQL in which no text has two braces side by side; names have none."""
    return expression.replace(_BRACES, r"\u007b\u007b")


def _without_variables(text: str) -> str:
    return text.replace(_BRACES, "{ {")
