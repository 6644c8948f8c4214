"""The names of a table's rules and checks: those that the contract gives stay, those that are made here get a number if they are taken."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeVar

from databricks_utils.config.tree import Node
from databricks_utils.contracts.errors import Problem
from databricks_utils.contracts.rules.row_checks import NAME
from databricks_utils.plain_names import unused
from databricks_utils.quality import AnyCheck, Rule, Unique

if TYPE_CHECKING:
    from open_data_contract_standard.model import DataQuality

Named = TypeVar("Named", bound=Rule | Unique | AnyCheck)


@dataclass
class CheckNames:
    """The names in one table.

    Attributes:
        taken: Names that no made name may have: those of other rules, and all that the contract gives.
        given: The checks to which the contract gives a name, by the identity of their place in the tree.
    """

    taken: set[str]
    given: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._used = set(self.taken)

    def add(self, checks: "Iterable[DataQuality]", node: Node) -> None:
        """Add the names that the contract gives to some checks.

        Args:
            checks: The checks of a table or of a value.
            node: The same in the tree of the file.
        """
        for at, item in enumerate(checks):
            name = item.id or item.name or ""
            if NAME.fullmatch(name):
                self.given.add(id(node.closest((str(at),))))
                self.taken.add(name)

    def named(self, item: Named, place: Node, problems: list[Problem]) -> Named:
        """Return a rule or check with a name of its own.

        Args:
            item: The rule or check.
            place: Where the contract has it.
            problems: Gets a name that the contract gives to two of them.
        """
        if id(place) not in self.given:
            if item.name in self.taken:
                return replace(item, name=unused(item.name, self.taken))
            self.taken.add(item.name)
            return item
        if item.name in self._used:
            summary = f"two checks are named `{item.name}`"
            problems.append(Problem(summary, str(place.origin), "give one of them another `id`"))
        self._used.add(item.name)
        return item
