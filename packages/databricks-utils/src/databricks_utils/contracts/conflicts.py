"""Rules of a contract that contradict or repeat each other, with the places in which it says so.

Loading a contract does not look for them, since each rule has to be compared with the others of its columns.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from databricks_utils.contracts.contract import Contract
from databricks_utils.contracts.table import Table
from databricks_utils.contracts.types.spark_types import paths_of
from databricks_utils.quality import Conflict, Rule, check_rules
from databricks_utils.quoting import quote_part

CONTRADICTS = "contradicts"


@dataclass(frozen=True)
class RuleConflict:
    """Rules of a table that cannot stand beside each other.

    Attributes:
        table: The table.
        kind: `contradicts`: no row, or only NULL, meets them; `repeats`: they say the same; `stopped`: there are more than these.
        rules: The names of the rules.
        locations: Where the contract says each: `file:line`.
        why: Why, in words.
        fix: What to do.
    """

    table: str
    kind: str
    rules: tuple[str, ...]
    locations: tuple[str, ...]
    why: str
    fix: str

    @property
    def is_error(self) -> bool:
        """Whether the contract cannot be kept; a repetition does no harm."""
        return self.kind == CONTRADICTS

    @property
    def summary(self) -> str:
        """The conflict in one line."""
        names = " and ".join(f"`{name}`" for name in self.rules)
        return ": ".join(filter(None, (self.table, names, self.why)))


def rule_conflicts(contract: Contract) -> tuple[RuleConflict, ...]:
    """Return the rules of a contract that contradict or repeat each other, from their text alone; see `quality.check_rules`.

    Args:
        contract: The contract.
    """
    return tuple(found for table in contract.tables for found in conflicts_of(table))


def conflicts_of(table: Table) -> Iterator[RuleConflict]:
    """Yield the rules of a table that contradict or repeat each other.

    Args:
        table: The table.
    """
    given = list(_given(table))
    assumed = {rule.name for rule in given}
    for found in check_rules([*table.rules, *table.unique, *table.checks, *given]):
        names = tuple(name for name in found.rules if name not in assumed)
        if len(names) == len(found.rules):
            yield _conflict(table, names, found, found.why)
        elif len(names) > 1:
            yield _conflict(table, names, found, "no value meets both, only NULL does")
        # Else one rule says that the column is NULL, which it may mean.


def _given(table: Table) -> Iterator[Rule]:
    """A rule for each optional column that it has a value: what only NULL meets is meant by nobody."""
    required = {str(rule.expression) for rule in table.rules}
    longest = max((len(rule.name) for rule in table.rules), default=0)
    for at, path in enumerate(paths_of(table.columns)):
        condition = f"{'.'.join(map(quote_part, path))} IS NOT NULL"
        if condition not in required:
            yield Rule(
                f"{'a' * (longest + 1)}_{at}", condition, "assumed"
            )  # no rule of the table has so long a name


def _conflict(table: Table, names: tuple[str, ...], found: Conflict, why: str) -> RuleConflict:
    places = tuple(dict.fromkeys(str(table.places[name]) for name in names))
    return RuleConflict(table.name, found.kind, names, places, why, found.fix)
