"""What an AI agent must not do with the data of a contract: `context.constraints` of ODCS 3.2.

Source: docs/context.md of ODCS 3.2, and RFC 0038: the constraints of all levels hold together, and none replaces another. The standard
has two levels, the contract and its tables; a column has none of its own.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from databricks_utils.config.tree import Node
from databricks_utils.contracts.contract import Contract
from databricks_utils.contracts.errors import ContractUseError
from databricks_utils.nearest import choose_from

if TYPE_CHECKING:
    from open_data_contract_standard.model import Context


@dataclass(frozen=True)
class AgentConstraint:
    """One thing that an AI agent must not do.

    Attributes:
        text: What, as the contract says it.
        table: The physical name of the table that it is about; empty: all tables of the contract.
        location: `file:line`.
        id: Its id; empty if it has none.
        tags: Its tags.
    """

    text: str
    table: str
    location: str
    id: str = ""
    tags: tuple[str, ...] = ()


def agent_constraints(contract: Contract, table: str | None = None) -> tuple[AgentConstraint, ...]:
    """Return what an AI agent must not do: first with all of a contract, then with single tables.

    Args:
        contract: The contract.
        table: The physical name of a table, in any case: then what holds for it, also that of the whole contract. None: of all tables.

    Raises:
        ContractUseError: The contract has no such table, so that nobody knows what holds for it.
    """
    names = [compiled.name for compiled in contract.tables]
    if table is not None and table.lower() not in map(str.lower, names):
        raise ContractUseError(
            f"the contract {contract.id} has no table `{table}`",
            location=contract.file,
            fix=choose_from(table, names) or "name no table: agent_constraints(contract)",
        )
    found = list(_stated(contract.document.context, contract.tree, ""))
    for at, (name, given) in enumerate(zip(names, contract.document.schema_ or [], strict=True)):
        if table is None or table.lower() == name.lower():
            found += _stated(given.context, contract.tree.closest(("schema", str(at))), name)
    return tuple(found)


def _stated(context: "Context | str | None", node: Node, table: str) -> Iterator[AgentConstraint]:
    if context is None or isinstance(context, str):  # text is an instruction, no constraint
        return
    for at, item in enumerate(context.constraints or []):
        place = node.closest(("context", "constraints", str(at)))
        place = place.at(("constraint",)) or place
        yield AgentConstraint(
            item.constraint or "", table, str(place.origin), item.id or "", tuple(item.tags or ())
        )
