"""One part of a table: a column, a field, the elements of an array, the keys or values of a map; with what a contract says of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from databricks_utils.config.tree import Node
from databricks_utils.contracts.contract import Contract
from databricks_utils.contracts.not_executed import is_computed
from databricks_utils.contracts.rules.values import Value
from databricks_utils.contracts.table import Table
from databricks_utils.contracts.types.column_types import ColumnTypes
from databricks_utils.contracts.types.spark_types import SparkType

if TYPE_CHECKING:
    from open_data_contract_standard.model import SchemaObject, SchemaProperty


@dataclass(frozen=True)
class Part:
    """One part of a table.

    Attributes:
        name: Its physical name; empty for elements, keys and values.
        words: Its name with its kind: `column price`, `field zip`, `elements`.
        label: Its path for people: `address.zip`, `tags[]`, `sizes (key)`.
        type: Its type.
        nullable: Whether it may be missing.
        given: The property; none for a field that only stands in a physical type.
        node: The property in the tree of its file; else the closest that has a line.
        value: The same for the rules of values; none inside of arrays and maps.
        unknown: The properties whose type was not understood, by `id`.
    """

    name: str
    words: str
    label: str
    type: SparkType
    nullable: bool
    given: "SchemaProperty | None"
    node: Node
    value: Value | None
    unknown: frozenset[int]

    @property
    def is_understood(self) -> bool:
        """Whether its type is that of the contract, and not text for want of another."""
        return self.given is None or id(self.given) not in self.unknown

    def inside(self) -> tuple["Part", ...]:
        """Return the parts directly inside of this one."""
        if self.type.name == "struct":
            return tuple(self._fields())
        if self.type.name == "array":
            given = self.given.items if self.given else None
            return (self._unnamed("elements", f"{self.label}[]", 0, given, ("items",)),)
        if self.type.name == "map":
            pair = self.given.map if self.given else None
            key, value = (pair.key, pair.value) if pair else (None, None)
            return (
                self._unnamed("keys", f"{self.label} (key)", 0, key, ("map", "key")),
                self._unnamed("values", f"{self.label} (value)", 1, value, ("map", "value")),
            )
        return ()

    def all(self) -> Iterator["Part"]:
        """Yield this part and all parts inside of it, at any depth."""
        yield self
        for part in self.inside():
            yield from part.all()

    def _fields(self) -> Iterator["Part"]:
        given = (self.given.properties if self.given else None) or []
        values = list(_values_of_fields(self.value))
        for at, field in enumerate(self.type.fields):
            yield Part(
                field.name,
                f"field {field.name}",
                f"{self.label}.{field.name}",
                field.type,
                field.nullable,
                given[at] if given else None,
                self.node.closest(("properties", str(at))) if given else self.node,
                values[at] if values else None,
                self.unknown,
            )

    def _unnamed(
        self, words: str, label: str, at: int, given: "SchemaProperty | None", path: tuple[str, ...]
    ) -> "Part":
        needed = bool(given and given.required)
        node = self.node.closest(path) if given else self.node
        return Part("", words, label, self.type.inner[at], not needed, given, node, None, self.unknown)


@dataclass(frozen=True)
class TableParts:
    """A table with its columns as parts.

    Attributes:
        table: The compiled table.
        given: The same as the contract has it.
        node: The same in the tree of its file.
        columns: Its columns.
        computed: Its measures and computed dimensions, which are no columns, each with its node.
    """

    table: Table
    given: "SchemaObject"
    node: Node
    columns: tuple[Part, ...]
    computed: tuple[tuple["SchemaProperty", Node], ...]

    def parts(self) -> Iterator[Part]:
        """Yield all parts, at any depth."""
        for column in self.columns:
            yield from column.all()


def tables_of(contract: Contract) -> tuple[TableParts, ...]:
    """Return the tables of a contract with their parts, in the order of the file.

    Args:
        contract: The contract.
    """
    found = []
    for at, (table, given) in enumerate(zip(contract.tables, contract.document.schema_ or [], strict=True)):
        node = contract.tree.closest(("schema", str(at)))
        found.append(_table(table, given, node))
    return tuple(found)


def _table(table: Table, given: "SchemaObject", node: Node) -> TableParts:
    types = ColumnTypes(strict=False)  # what is wrong was refused when the contract was read
    columns, computed = [], []
    for at, item in enumerate(given.properties or []):
        place = node.closest(("properties", str(at)))
        if is_computed(item):
            computed.append((item, place))
        else:
            columns.append((types.field(item, place), item, place))
    unknown = frozenset(types.unknown)  # complete only now
    parts = []
    for field, item, place in columns:
        value = Value((field.name,), field, item, place, unknown, types.by_format)
        words = f"column {field.name}"
        parts.append(
            Part(field.name, words, field.name, field.type, field.nullable, item, place, value, unknown)
        )
    return TableParts(table, given, node, tuple(parts), tuple(computed))


def _values_of_fields(value: Value | None) -> Iterator[Value]:
    """The values directly inside of a value."""
    if value is not None:
        yield from (inner for inner in value.inner() if len(inner.path) == len(value.path) + 1)
