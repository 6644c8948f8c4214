"""The checks of a contract (`quality`) that are conditions of one row, as rules of `databricks_utils.quality`.

The standard's SQL checks are queries with one number as their result. A condition of a row is a custom check of our engine:

    quality:
      - {id: ends_after_start, type: custom, engine: databricks-utils, implementation: "end_at >= start_at"}
"""

import re
from typing import TYPE_CHECKING

from databricks_utils.config.tree import Node
from databricks_utils.contracts.errors import Problem
from databricks_utils.contracts.rules.values import Value
from databricks_utils.nearest import did_you_mean
from databricks_utils.quality import QualityError, Rule, RuleDeclarationError, Severity
from databricks_utils.quality.sql_tokens import has_outer_comma, is_closed, without_comments

if TYPE_CHECKING:
    from open_data_contract_standard.model import DataQuality

ENGINE = "databricks-utils"
SEVERITIES = {
    "error": Severity.ERROR,
    "warning": Severity.WARNING,
    "warn": Severity.WARNING,
    "info": Severity.WARNING,
    "fail": Severity.FAIL,
}
NAME = re.compile(r"[a-z][a-z0-9_]*")


class CheckError(ValueError):
    """Raised when a check cannot be executed; `problem` says where and why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.summary)
        self.problem = problem


def is_row_check(given: "DataQuality") -> bool:
    """Return whether a check is a condition of a row."""
    return given.type == "custom" and (given.engine or "").lower() == ENGINE


def severity_of(given: "DataQuality", node: Node) -> Severity:
    """Return how severe a failure is: an error, if the check does not say, or says a word of its own, as the standard allows.

    Raises:
        CheckError: The word is nearly one that is known, and so probably misspelled.
    """
    found = SEVERITIES.get((given.severity or "error").lower())
    if found is None and (fix := did_you_mean(given.severity or "", SEVERITIES)):
        raise refuse(node, "severity", f"`{given.severity}` is no severity", fix)
    return found or Severity.ERROR


def has_own_severity(given: "DataQuality") -> bool:
    """Return whether the severity of a check is a word that is not known here, such as `high`; then it counts as an error."""
    return given.severity is not None and given.severity.lower() not in SEVERITIES


def row_rule(given: "DataQuality", node: Node, value: Value | None) -> Rule:
    """Return the rule of a check that is a condition of a row.

    Args:
        given: The check.
        node: The same in the tree of the file.
        value: The column that it is a check of; None: the table.

    Raises:
        CheckError: It has no name, its severity is misspelled, or it has no condition, or one that is more than one condition.
    """
    name = given.id or given.name or ""
    if not NAME.fullmatch(name):
        summary = f"`{name}` cannot be the name of a rule" if name else "the check has no name"
        raise refuse(
            node, "id" if given.id else "name", summary, "add e.g. `id: ends_after_start`: a-z, 0-9, _"
        )
    condition = _condition(name, given.implementation, node)
    reason = " ".join((given.description or "").split()) or f"{name.replace('_', ' ')}: it is not so"
    shown, masked = (value.sql, value.is_masked) if value else (None, False)
    severity = severity_of(given, node)
    try:
        return Rule(name, condition, reason, severity, value=shown, masked=masked)
    except RuleDeclarationError as error:
        raise refuse_for(error, node, "implementation") from None


def _condition(name: str, given: object, node: Node) -> str:
    """The condition without comments, so that it keeps its meaning inside of brackets, where rules and exports put it."""
    key = "implementation"
    if not isinstance(given, str) or not given.strip():
        summary = f"{name}: `{key}` is no condition"
        raise refuse(node, key, summary, "write SQL that is true for a right row, as text")
    if "${" in given:
        summary = f"{name}: Spark replaces `${{…}}` by a variable"
        raise refuse(node, key, summary, "write the value itself")
    condition = without_comments(given)
    if condition is None:
        is_statement = without_comments(given.replace(";", " ")) is not None
        summary = f"{name}: `;` ends a statement" if is_statement else f"{name}: the condition cannot be read"
        fix = "remove the `;`" if is_statement else "close every string, name and comment"
        raise refuse(node, key, summary, f"{fix}: `{key}` is one condition")
    if not condition:
        raise refuse(
            node, key, f"{name}: `{key}` has only a comment", "write SQL that is true for a right row"
        )
    if not is_closed(condition):
        raise refuse(
            node, key, f"{name}: the brackets of the condition do not fit", "close each bracket once"
        )
    if has_outer_comma(condition):
        raise refuse(node, key, f"{name}: a `,` separates two conditions", "join them with AND or OR")
    return condition


def refuse_for(error: QualityError, node: Node, key: str) -> CheckError:
    """Return the error that a check cannot be what it says, as the quality engine found it.

    Args:
        error: What the quality engine says.
        node: The check in the tree of its file.
        key: The key that is wrong.
    """
    return refuse(node, key, error.summary.removeprefix("quality: "), error.fix or "")


def refuse(node: Node, key: str, summary: str, fix: str) -> CheckError:
    """Return the error that a check says something which cannot hold.

    Args:
        node: The check in the tree of its file.
        key: The key that is wrong.
        summary: What is wrong.
        fix: What to write instead.
    """
    return CheckError(Problem(summary, str(node.closest((key,)).origin), fix))
