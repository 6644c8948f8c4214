"""What a contract's table says that checking its data needs besides the rules: what is classified, what is unique, what a rule judges."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from databricks_utils.config.tree import Node
from databricks_utils.contracts.contract import Contract
from databricks_utils.contracts.table import Table
from databricks_utils.contracts.types.spark_types import Field, paths_of
from databricks_utils.contracts.verification.judged_rows import Judged
from databricks_utils.quality import Rule
from databricks_utils.quoting import quote_part

if TYPE_CHECKING:
    from open_data_contract_standard.model import SchemaObject


@dataclass(frozen=True)
class Promised:
    """A table of a contract, as checking its data needs it.

    Attributes:
        contract: The contract.
        table: The table.
        given: The same as the standard's library has it.
        node: The same in the tree of the contract's file.
    """

    contract: Contract
    table: Table
    given: "SchemaObject"
    node: Node

    @property
    def classified(self) -> frozenset[str]:
        """The columns that the contract classifies as other than public, or of which it does so with a part."""
        return self.table.classified

    @property
    def unique(self) -> tuple[tuple[str, ...], ...]:
        """The groups of columns whose values must be unique in all rows: the key, and what else the contract promises."""
        rules = [
            tuple(map(str, rule.columns)) for rule in self.table.unique if not rule.severity.keeps_the_row
        ]
        return tuple(dict.fromkeys([*([self.table.keys] if self.table.keys else []), *rules]))

    def judged(self, rules: Sequence[Rule]) -> dict[str, Judged]:
        """Return what each rule judges, by its name; without those that judge more than one value.

        Args:
            rules: The rules.
        """
        found = ((rule.name, judged_value(rule, self.table.columns)) for rule in rules)
        return {name: judged for name, judged in found if judged is not None}


def promised(contract: Contract) -> tuple[Promised, ...]:
    """Return the tables of a contract."""
    given = contract.document.schema_ or []
    return tuple(
        Promised(contract, table, item, contract.tree.closest(("schema", str(at))))
        for at, (table, item) in enumerate(zip(contract.tables, given, strict=True))
    )


def judged_value(rule: Rule, columns: Sequence[Field]) -> Judged | None:
    """Return the value that a rule of a contract judges; None if it is none of a single value.

    Args:
        rule: The rule.
        columns: The columns of its table.

    Example:
        >>> from databricks_utils.contracts.types.spark_types import SparkType
        >>> judged_value(Rule("n_is_given", "`n` IS NOT NULL", "n is missing"), [Field("n", SparkType("int"))])
        Judged(column='n', sql='`n`')
    """
    found = [
        path
        for path in paths_of(columns)
        if rule.reason.startswith(f"{'.'.join(path)} ") and _sql(path) in str(rule.expression)
    ]
    if not found:
        return None
    path = max(found, key=lambda each: len(".".join(each)))
    return Judged(path[0], _sql(path))


def _sql(path: tuple[str, ...]) -> str:
    return ".".join(map(quote_part, path))
