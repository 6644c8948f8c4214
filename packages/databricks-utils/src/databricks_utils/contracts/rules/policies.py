"""The masks and the row filter in a contract: the custom properties `mask` of a column and `rowFilter` of a table.

The standard has no word for them; `customProperties` is its place for what an organisation adds.
Source: https://bitol-io.github.io/open-data-contract-standard (custom properties, `classification`).
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from databricks_utils.config.tree import Node
from databricks_utils.contracts.errors import Problem
from databricks_utils.medallion.declaring.protection import PolicyFunction, Protection
from databricks_utils.nearest import choose_from

if TYPE_CHECKING:
    from open_data_contract_standard.model import CustomProperty

MASK, ROW_FILTER = "mask", "rowFilter"
_PARTS = 3
_WANTED = {
    MASK: "the name of a SQL function, e.g. `mask: hide`, or `{function: hide, columns: [region]}`",
    ROW_FILTER: "a function and the columns that it gets, e.g. `{function: own_region, columns: [region]}`",
}
_Given = tuple[str, "Sequence[CustomProperty]", Node]


def protection_of(
    table: _Given, columns: Sequence[_Given], keys: Sequence[str]
) -> tuple[Protection, list[Problem]]:
    """Return the masks and the row filter that custom properties declare, and what is wrong with them.

    Args:
        table: The table's name, its custom properties, and these in the tree of the file.
        columns: The same of each column.
        keys: The columns of the primary key.
    """
    problems = list[Problem]()
    names = [name for name, _, _ in columns]
    masks = dict[str, PolicyFunction]()
    for name, given, node in columns:
        found = _function(MASK, given, node, names, problems)
        if found is None:
            continue
        function, place = found
        if name in keys:
            problems.append(
                Problem(
                    f"{name}: a column of the primary key cannot have a mask: rows would no longer be found by it",
                    place,
                    "mask another column, or let a row filter hide whole rows",
                )
            )
        elif name in function.columns:
            problems.append(
                Problem(
                    f"{name}: `columns` names the masked column itself",
                    place,
                    "leave it out; the function gets it first",
                )
            )
        else:
            masks[name] = function
    found = _function(ROW_FILTER, table[1], table[2], names, problems)
    return Protection(masks, found[0] if found else None), problems


def _function(
    kind: str, given: "Sequence[CustomProperty]", node: Node, names: Sequence[str], problems: list[Problem]
) -> tuple[PolicyFunction, str] | None:
    for at, item in enumerate(given):
        if item.property != kind:
            continue
        place = str(node.closest((str(at), "value")).origin)
        try:
            function = _read(kind, item.value)
        except (TypeError, ValueError):
            problems.append(Problem(f"`{kind}` cannot be `{item.value}`", place, f"write {_WANTED[kind]}"))
            return None
        unknown = [name for name in function.columns if name not in names]
        if unknown:
            fix = choose_from(unknown[0], names) or "name columns of the table"
            problems.append(Problem(f"`{kind}`: the table has no column `{unknown[0]}`", place, fix))
            return None
        return function, place
    return None


def _read(kind: str, value: Any) -> PolicyFunction:  # noqa: ANN401 - as in the file
    if isinstance(value, str) and kind == MASK:
        value = {"function": value}
    if not isinstance(value, dict) or not {"function"} <= value.keys() <= {"function", "columns"}:
        raise TypeError
    if kind == ROW_FILTER and "columns" not in value:
        raise TypeError
    name, columns = value["function"], value.get("columns", [])
    if (
        not isinstance(name, str)
        or not isinstance(columns, list)
        or not all(isinstance(one, str) for one in columns)
    ):
        raise TypeError
    parts = tuple(part.strip() for part in name.split("."))
    if not 1 <= len(parts) <= _PARTS or not all(parts) or "`" in name or len(set(columns)) < len(columns):
        raise ValueError
    return PolicyFunction(parts, tuple(columns))
