"""The promises of a contract that compare rows: `unique`, and the standard's metric `duplicateValues`."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from databricks_utils.config.tree import Node
from databricks_utils.contracts.errors import Problem
from databricks_utils.contracts.rules.row_checks import NAME, CheckError, refuse, severity_of
from databricks_utils.contracts.rules.tolerances import held_to, tolerance_of
from databricks_utils.contracts.rules.values import Value
from databricks_utils.nearest import choose_from
from databricks_utils.quality import Unique

if TYPE_CHECKING:
    from open_data_contract_standard.model import DataQuality

_METRIC, _ARGUMENT = "duplicateValues", "properties"
_NOT_COMPARED = frozenset({"map", "variant"})


def is_unique_check(given: "DataQuality", value: Value | None) -> bool:
    """Return whether a check says that values are there once, or but for some rows.

    Args:
        given: The check.
        value: The column that it is a check of; None: the table.
    """
    is_metric = given.type in {None, "library"} and (given.metric or given.rule) == _METRIC
    if value is not None and not is_comparable(value):
        return False
    return is_metric and tolerance_of(given) is not None


def is_comparable(value: Value) -> bool:
    """Return whether the values of a column can be compared with those of other rows."""
    kinds = {value.field.type.name, *(part.name for part in value.field.type.inner)}
    return len(value.path) == 1 and value.is_understood and not kinds & _NOT_COMPARED


def unique_rules(
    checks: "Sequence[DataQuality]", columns: Sequence[Value], node: Node, problems: list[Problem]
) -> Iterator[tuple[Unique, Node]]:
    """Yield the rules of a table that compare rows, each with where it stands.

    Args:
        checks: The checks of the table; those of its columns are found with them.
        columns: Its columns.
        node: The table in the tree of its file.
        problems: Gets what is wrong with a check.
    """
    named = {str(name): value for value in columns for name in (value.given.name, value.field.name) if name}
    for value in columns:
        if value.given.unique and is_comparable(value):
            reason = f"{value.label} is not unique"
            rule = Unique(value.rule_name("is_unique"), (value.field.name,), reason, masked=value.is_masked)
            yield rule, value.node.closest(("unique",))
    for owner, items, place in (
        (None, checks, node.closest(("quality",))),
        *((value, value.given.quality or [], value.node.closest(("quality",))) for value in columns),
    ):
        for at, item in enumerate(items):
            if is_unique_check(item, owner):
                here = place.closest((str(at),))
                try:
                    yield _rule(item, owner, here, named), here
                except CheckError as error:
                    problems.append(error.problem)


def _rule(given: "DataQuality", owner: Value | None, node: Node, named: Mapping[str, Value]) -> Unique:
    values = [owner] if owner else _named(given, node, named)
    severity, limit = held_to(severity_of(given, node), tolerance_of(given))
    name = given.id or given.name or ""
    if not NAME.fullmatch(name):
        together = Value(tuple(value.field.name for value in values), values[0].field, values[0].given, node)
        name = together.rule_name("has_no_duplicates")
    labels = ", ".join(value.label for value in values)
    reason = " ".join((given.description or "").split()) or f"{labels} is not unique"
    columns, masked = tuple(value.field.name for value in values), any(value.is_masked for value in values)
    return Unique(name, columns, reason, severity, limit, masked=masked)


def _named(given: "DataQuality", node: Node, named: Mapping[str, Value]) -> list[Value]:
    names = (given.arguments or {}).get(_ARGUMENT)
    if not isinstance(names, list) or not names:
        raise refuse(
            node, "arguments", f"`{_METRIC}` of a table needs its columns", "e.g. {properties: [shop, order]}"
        )
    found = []
    for name in names:
        if str(name) not in named:
            fix = choose_from(str(name), named) or "name columns of the table"
            raise refuse(node, "arguments", f"`{_METRIC}`: there is no column `{name}`", fix)
        if not is_comparable(named[str(name)]):
            kind = named[str(name)].field.type.sql()
            raise refuse(node, "arguments", f"`{_METRIC}`: a {kind} cannot be compared", "name other columns")
        found.append(named[str(name)])
    return found
