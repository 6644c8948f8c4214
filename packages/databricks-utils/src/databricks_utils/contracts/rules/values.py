"""A value of a table, with what the contract says of it, and which of its options have a rule."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from databricks_utils.config.tree import Node
from databricks_utils.contracts.types.literals import EXACT, FLOATING, MOMENTS, TEXTS
from databricks_utils.contracts.types.spark_types import Field
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
    """

    path: tuple[str, ...]
    field: Field
    given: "SchemaProperty"
    node: Node
    unknown: frozenset[int] = frozenset()
    by_format: Any = None

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
        """Whether the contract classifies it, so that its values are not shown."""
        return bool(self.given.classification) and str(self.given.classification).lower() != "public"

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
        slug = re.sub(r"[^a-z0-9]+", "_", "_".join(self.path).lower()).strip("_")
        return f"{slug}_{suffix}" if slug[:1].isalpha() else f"column_{slug}_{suffix}".replace("__", "_")

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
            for at, (field, given) in enumerate(
                zip(self.field.type.fields, self.given.properties, strict=True)
            ):
                place = nodes.closest((str(at),))
                yield from Value(
                    (*self.path, field.name), field, given, place, self.unknown, self.by_format
                ).inner()
