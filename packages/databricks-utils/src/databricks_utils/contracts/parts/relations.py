"""Relationships between the tables of contracts: the columns on both sides, as far as the reference leads to a table that is here."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from databricks_utils.config.tree import Node
from databricks_utils.contracts.contract import Contract
from databricks_utils.contracts.not_executed import references_of
from databricks_utils.contracts.parts.part import Part, TableParts, tables_of

if TYPE_CHECKING:
    from open_data_contract_standard.model import Relationship

_SECTION, _PROPERTIES = "schema", "properties"


@dataclass(frozen=True)
class Reference:
    """What a reference means.

    Attributes:
        text: The reference as written: `customers.id`, `schema/customers_id/properties/id_id`, `file.yaml#/schema/…`.
        table: The table it leads to; none if it is not among the given contracts.
        column: The column or field of that table; none if there is none.
        layer: The layer of that table's contract; see `Contract.layer`.
    """

    text: str
    table: TableParts | None
    column: Part | None
    layer: str = ""


@dataclass(frozen=True)
class Relation:
    """Columns of a table whose values are those of another table.

    Attributes:
        contract: The contract that promises it.
        table: The table that refers.
        columns: The columns that refer, in their order.
        to: Where they refer to, in the same order.
        given: The relationship.
        node: The relationship in the tree of its file.
    """

    contract: Contract
    table: TableParts
    columns: tuple[Reference, ...]
    to: tuple[Reference, ...]
    given: "Relationship"
    node: Node

    @property
    def target(self) -> TableParts | None:
        """The table that is referred to; none if it, or one of its columns, is not here."""
        tables = {id(reference.table): reference.table for reference in self.to if reference.column}
        is_whole = len(tables) == 1 and all(reference.column for reference in self.to)
        return next(iter(tables.values())) if is_whole else None

    @property
    def words(self) -> str:
        """The relation in one line: `customer_id → customers.id`."""
        left = ", ".join(
            reference.column.label if reference.column else reference.text for reference in self.columns
        )
        return f"{left} → {', '.join(map(_shown, self.to))}"


def relations_of(contracts: Sequence[Contract]) -> tuple[Relation, ...]:
    """Return the relationships of contracts, in the order of their files.

    Args:
        contracts: The contracts among which references are followed.
    """
    tables = [(contract, tables_of(contract)) for contract in contracts]
    return tuple(
        relation for contract, own in tables for table in own for relation in _of(contract, table, tables)
    )


_Tables = Sequence[tuple[Contract, tuple[TableParts, ...]]]


def _of(contract: Contract, table: TableParts, tables: _Tables) -> Iterator[Relation]:
    for item, node in _with_nodes(table.given.relationships, table.node):
        yield _relation(contract, table, item, node, tables)
    for part in table.parts():
        for item, node in _with_nodes(part.given.relationships if part.given else None, part.node):
            own = (Reference(part.label, table, part, contract.layer),)
            to = tuple(_resolved(text, contract, tables) for text in references_of(item.to))
            yield Relation(contract, table, own, to, item, node)


def _with_nodes(items: "list[Relationship] | None", node: Node) -> Iterator[tuple["Relationship", Node]]:
    for at, item in enumerate(items or []):
        yield item, node.closest(("relationships", str(at)))


def _relation(
    contract: Contract, table: TableParts, item: "Relationship", node: Node, tables: _Tables
) -> Relation:
    columns = tuple(_resolved(text, contract, tables) for text in references_of(item.from_))
    to = tuple(_resolved(text, contract, tables) for text in references_of(item.to))
    return Relation(contract, table, columns, to, item, node)


def _resolved(text: str, contract: Contract, tables: _Tables) -> Reference:
    name, _, place = text.rpartition("#")
    wanted = Path(os.path.normpath(contract.path.parent / name)) if name else contract.path
    layer, here = next(((other.layer, own) for other, own in tables if other.path == wanted), ("", ()))
    parts = place.strip("/").split("/")
    if parts[0] == _SECTION and len(parts) > 1:
        found = _by_id(text, parts[1], parts[3::2] if _PROPERTIES in parts else [], here)
    else:
        found = _by_name(text, place, here)
    return replace(found, layer=layer)


def _by_id(text: str, table_id: str, ids: list[str], tables: Sequence[TableParts]) -> Reference:
    table = next((item for item in tables if table_id in {item.given.id, item.given.name}), None)
    return Reference(text, table, _column(table, ids, by_id=True) if table else None)


def _by_name(text: str, place: str, tables: Sequence[TableParts]) -> Reference:
    """A name may have dots itself: the longest name of a table that fits counts."""
    fitting = [item for item in tables if item.given.name and place.startswith(f"{item.given.name}.")]
    if not fitting:
        return Reference(text, None, None)
    table = max(fitting, key=lambda item: len(item.given.name or ""))
    rest = place[len(table.given.name or "") + 1 :]
    whole = next((part for part in table.columns if part.given and part.given.name == rest), None)
    return Reference(text, table, whole or _column(table, rest.split("."), by_id=False))


def _column(table: TableParts, names: list[str], *, by_id: bool) -> Part | None:
    parts, found = table.columns, None
    for name in names:
        found = next((part for part in parts if name in _names(part, by_id=by_id)), None)
        if found is None:
            return None
        parts = found.inside()
    return found


def _names(part: Part, *, by_id: bool) -> set[str | None]:
    if part.given is None:
        return {part.name}
    return {part.given.id, part.given.name} if by_id else {part.given.name}


def _shown(reference: Reference) -> str:
    if reference.table and reference.column:
        return f"{reference.table.table.name}.{reference.column.label}"
    return reference.text
