"""The checks of a contract that are those of DQX already: `type: custom`, `engine: dqx`, and the check as `implementation`.

Source: the documentation of DQX's checks in YAML, and its CheckSpec. A check of a column that names none is about that column.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

from databricks_utils.config.tree import Data
from databricks_utils.contracts.parts import TableParts
from databricks_utils.quoting import quote_part

if TYPE_CHECKING:
    from open_data_contract_standard.model import DataQuality

_ENGINE = "dqx"
_CRITICALITIES = ("error", "warn")
_TEXTS = ("name", "filter", "message_expr")
_MAPPINGS = ("user_metadata",)
_KNOWN = ("check", "criticality", *_TEXTS, *_MAPPINGS)
_OF_COLUMNS = frozenset({"is_unique", "foreign_key"})
_OF_NO_COLUMN = frozenset({"sql_expression", "sql_query", "has_valid_schema", "compare_datasets"})


@dataclass(frozen=True)
class OwnCheck:
    """One check that is written for DQX.

    Attributes:
        label: The column that it is a check of; empty: the table.
        key: Its place among the checks of that column: `quality 0`.
        given: The check as the contract has it.
        found: The check as DQX takes it; empty if it is none.
        wrong: Why it is none; empty if it is one.
    """

    label: str
    key: str
    given: "DataQuality"
    found: dict[str, Any]
    wrong: str = ""


def own_checks(table: TableParts) -> Iterator[OwnCheck]:
    """Yield the checks of a table, its columns and their fields that are written for DQX.

    Args:
        table: The table.
    """
    places: list[tuple[str, Sequence[DataQuality], str]] = [("", table.given.quality or [], "")]
    for part in table.parts():
        column = ".".join(map(quote_part, part.value.path)) if part.value else ""
        places.append((part.label, (part.given.quality if part.given else None) or [], column))
    for label, checks, column in places:
        for at, check in enumerate(checks):
            if check.type == "custom" and (check.engine or "").lower() == _ENGINE:
                found = _read(check.implementation)
                wrong = found if isinstance(found, str) else "; ".join(_complaints(found))
                right = {} if wrong or isinstance(found, str) else _of_column(found, column)
                yield OwnCheck(label, f"quality {at}", check, right, wrong)


def _read(given: object) -> dict[str, Any] | str:
    """The check, which may be YAML in a text; else why it is none."""
    if isinstance(given, str):
        try:
            given = yaml.safe_load(given)
        except yaml.YAMLError:
            return "`implementation` is not valid YAML"
    return given if isinstance(given, dict) else "`implementation` is no mapping with `check`"


def _complaints(given: dict[str, Any]) -> Iterator[str]:
    check = given.get("check")
    if not isinstance(check, dict):
        yield "`check` is no mapping"
        return
    if not isinstance(check.get("function"), str) or not check["function"].strip():
        yield "`check.function` is no name"
    if not isinstance(check.get("arguments", {}), dict):
        yield "`check.arguments` is no mapping"
    columns = check.get("for_each_column", [None])
    if not isinstance(columns, list) or not columns:
        yield "`check.for_each_column` is no list of columns"
    if given.get("criticality", "error") not in _CRITICALITIES:
        yield f"`criticality: {given['criticality']}` is neither error nor warn"
    for keys, kind, words in ((_TEXTS, str, "text"), (_MAPPINGS, dict, "mapping")):
        yield from (f"`{key}` is no {words}" for key in keys if not isinstance(given.get(key, kind()), kind))
    yield from (f"DQX does not know `{key}`" for key in given if key not in _KNOWN)


def _of_column(given: dict[str, Any], column: str) -> dict[str, Any]:
    """The check with the column that it stands at, if it names none."""
    check, arguments = dict(given["check"]), dict[str, Data](given["check"].get("arguments", {}))
    names_one = "for_each_column" in check or any(str(key).startswith("column") for key in arguments)
    if column and not names_one and check["function"] not in _OF_NO_COLUMN:
        arguments |= {"columns": [column]} if check["function"] in _OF_COLUMNS else {"column": column}
    return {**given, "check": {**check, "arguments": arguments}}
