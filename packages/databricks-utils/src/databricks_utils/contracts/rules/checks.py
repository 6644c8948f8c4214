"""The checks of a contract (`quality`) that are rules for single rows, of whatever kind; what is no such rule is left to others."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from databricks_utils.config.tree import Node
from databricks_utils.contracts.errors import Problem
from databricks_utils.contracts.rules.library import is_library_rule, library_rule
from databricks_utils.contracts.rules.row_checks import CheckError, is_row_check, row_rule
from databricks_utils.contracts.rules.values import Value
from databricks_utils.quality import Rule

if TYPE_CHECKING:
    from open_data_contract_standard.model import DataQuality


def is_rule(given: "DataQuality", value: Value | None) -> bool:
    """Return whether a check is a rule for single rows.

    Args:
        given: The check.
        value: The column, or the field inside of one, that it is a check of; None: the table.
    """
    return is_row_check(given) or (value is not None and value.is_understood and is_library_rule(given))


def rules_of_checks(
    checks: "list[DataQuality]", value: Value | None, node: Node, problems: list[Problem]
) -> Iterator[tuple[Rule, Node]]:
    """Yield the rule of each check that is one, and its place.

    Args:
        checks: The checks of a table or of a value.
        value: See `is_rule`.
        node: The checks in the tree of the file.
        problems: Gets what is wrong with a check.
    """
    for at, item in enumerate(checks):
        place = node.closest((str(at),))
        try:
            if is_row_check(item):
                yield row_rule(item, place, value), place
            elif value is not None and is_rule(item, value):
                yield library_rule(value, item, place), place
        except CheckError as error:
            problems.append(error.problem)
