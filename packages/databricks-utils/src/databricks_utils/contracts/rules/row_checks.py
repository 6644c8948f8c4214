"""The checks of a contract (`quality`) that are conditions of one row, as rules of `databricks_utils.quality`.

The standard's SQL checks are queries with one number as their result. A condition of a row is a custom check of our engine:

    quality:
      - {id: ends_after_start, type: custom, engine: databricks-utils, implementation: "end_at >= start_at"}
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from databricks_utils.config.tree import Node
from databricks_utils.contracts.errors import Problem
from databricks_utils.nearest import choose_from
from databricks_utils.quality import Rule, Severity

if TYPE_CHECKING:
    from open_data_contract_standard.model import DataQuality

ENGINE = "databricks-utils"
SEVERITIES = {
    "error": Severity.ERROR,
    "warning": Severity.WARNING,
    "warn": Severity.WARNING,
    "info": Severity.WARNING,
}
_NAME = re.compile(r"[a-z][a-z0-9_]*")


class CheckError(ValueError):
    """Raised when a check cannot be executed; `problem` says where and why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.summary)
        self.problem = problem


def is_row_check(given: "DataQuality") -> bool:
    """Return whether a check is a condition of a row."""
    return given.type == "custom" and (given.engine or "").lower() == ENGINE


def row_checks(given: "list[DataQuality]", node: Node, problems: list[Problem]) -> Iterator[tuple[Rule, str]]:
    """Yield the rule of each check that is a condition of a row, and its `file:line`.

    Args:
        given: The checks of a table or a column.
        node: The same in the tree of the file.
        problems: Gets what is wrong with a check.
    """
    for at, item in enumerate(given):
        if is_row_check(item):
            place = node.closest((str(at),))
            try:
                yield _rule(item, place), str(place.origin)
            except CheckError as error:
                problems.append(error.problem)


def severity_of(given: "DataQuality", node: Node) -> Severity:
    """Return how severe a failure is; an error, if the check does not say.

    Raises:
        CheckError: There is no such severity.
    """
    if given.severity is None:
        return Severity.ERROR
    found = SEVERITIES.get(given.severity.lower())
    if found is None:
        fix = choose_from(given.severity, SEVERITIES) or ""
        raise _refuse(node, "severity", f"`{given.severity}` is no severity", fix)
    return found


def _rule(given: "DataQuality", node: Node) -> Rule:
    name = given.id or given.name or ""
    if not _NAME.fullmatch(name):
        summary = f"`{name}` cannot be the name of a rule" if name else "the check has no name"
        raise _refuse(
            node, "id" if given.id else "name", summary, "add e.g. `id: ends_after_start`: a-z, 0-9, _"
        )
    condition = given.implementation
    if not isinstance(condition, str) or not condition.strip():
        summary = f"{name}: `implementation` is no condition"
        raise _refuse(node, "implementation", summary, "write SQL that is true for a right row, as text")
    if "${" in condition:
        summary = f"{name}: Spark replaces `${{…}}` by a variable"
        raise _refuse(node, "implementation", summary, "write the value itself")
    reason = " ".join((given.description or "").split()) or f"{name.replace('_', ' ')}: it is not so"
    return Rule(name, condition.strip(), reason, severity_of(given, node))


def _refuse(node: Node, key: str, summary: str, fix: str) -> CheckError:
    return CheckError(Problem(summary, str(node.closest((key,)).origin), fix))
