"""A value of a table, with what the contract says of it, and which of its options have a rule."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as attribute
from typing import TYPE_CHECKING, Any

from databricks_utils.config.tree import Node
from databricks_utils.contracts.types.literals import EXACT, FLOATING, MOMENTS, TEXTS
from databricks_utils.contracts.types.spark_types import Field
from databricks_utils.plain_names import rule_stems
from databricks_utils.quoting import quote_part

if TYPE_CHECKING:
    from open_data_contract_standard.model import SchemaProperty

_BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
_ARRAY = frozenset({"array"})
# The types for which an option has a rule.
RULED = {
    "minLength": TEXTS,
    "maxLength": TEXTS,
    "pattern": TEXTS,
    "minItems": _ARRAY,
    "maxItems": _ARRAY,
    "uniqueItems": _ARRAY,
    "multipleOf": EXACT,
    **dict.fromkeys(_BOUNDS, FLOATING | EXACT | MOMENTS),
}


@dataclass(frozen=True)
class Value:
    """A column, or a field inside structs, with what the contract says of it.

    Attributes:
        path: Its name, after those of the structs around it.
        field: Its field.
        given: The property.
        node: The same in the tree of its file.
        unknown: The properties whose type was not understood, by `id`; nothing is checked of them.
        by_format: The numbers whose type is that of their `format`, by `id`.
        stems: The beginning of the names of the rules for each path of its table; see `named`.
        is_hidden: Whether the contract classifies a struct around it.
    """

    path: tuple[str, ...]
    field: Field
    given: "SchemaProperty"
    node: Node
    unknown: frozenset[int] = frozenset()
    by_format: Any = None
    stems: Mapping[tuple[str, ...], str] = attribute(default_factory=dict)
    is_hidden: bool = False

    @property
    def sql(self) -> str:
        """The value as SQL. Spark fills a CHAR with blanks up to its length."""
        path = ".".join(map(quote_part, self.path))
        return f"rtrim({path})" if self.field.type.name == "char" else path

    @property
    def label(self) -> str:
        """Its name for people."""
        return ".".join(self.path)

    @property
    def is_masked(self) -> bool:
        """Whether the contract classifies it, a part of it or a struct around it, so that its values are not shown."""
        return self.is_hidden or is_classified(self.given)

    @property
    def is_understood(self) -> bool:
        """Whether its type is that of the contract."""
        return id(self.given) not in self.unknown

    @property
    def format(self) -> str:
        """The format that has chosen its type; empty if none has."""
        return str((self.by_format or {}).get(id(self.given), ""))

    def rule_name(self, suffix: str) -> str:
        """Return the name of a rule for it: its path in the characters that such a name may have, and what the rule says."""
        stem = self.stems.get(self.path) or rule_stems([self.path])[self.path]
        return f"{stem}_{suffix}"

    def option(self, key: str) -> Node | None:
        """The option in the tree of its file."""
        return self.node.at(("logicalTypeOptions", key))

    def has_rule(self, key: str) -> bool:
        """Whether an option has a rule for this type."""
        kind = self.field.type
        comparable = key != "uniqueItems" or not any(part.name in {"map", "variant"} for part in kind.inner)
        return self.is_understood and comparable and kind.name in RULED.get(key, ())

    def inner(self) -> "Iterator[Value]":
        """Yield this value and those inside its structs."""
        yield self
        if self.field.type.name == "struct" and self.given.properties:
            nodes = self.node.closest(("properties",))
            hidden = self.is_hidden or _is_classified_itself(self.given)
            for at, (field, given) in enumerate(
                zip(self.field.type.fields, self.given.properties, strict=True)
            ):
                place = nodes.closest((str(at),))
                path = (*self.path, field.name)
                yield from Value(
                    path, field, given, place, self.unknown, self.by_format, self.stems, hidden
                ).inner()


def named(columns: Sequence[Value]) -> list[Value]:
    """Return the columns of a table with the names of their rules, which differ where the columns do.

    Args:
        columns: All columns of the table.
    """
    stems = rule_stems([value.path for column in columns for value in column.inner()])
    return [replace(column, stems=stems) for column in columns]


def is_classified(given: "SchemaProperty") -> bool:
    """Return whether a contract classifies a property, or a part of it, as other than public."""
    if given.classification and _is_classified_itself(given):
        return True
    if not (given.properties or given.items or given.map):
        return False
    parts = [*(given.properties or ()), given.items, *((given.map.key, given.map.value) if given.map else ())]
    return any(is_classified(part) for part in parts if part is not None)


def _is_classified_itself(given: "SchemaProperty") -> bool:
    return bool(given.classification) and str(given.classification).lower() != "public"
