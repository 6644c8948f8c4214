"""The Spark type of a property: its physical type where that is one of Spark's, else the nearest to its logical type.

A physical type is in the words of the system that holds the table. Where that is Databricks, a type that Spark lacks is a
mistake; a contract about a table elsewhere is read all the same, and says which of its types was not understood.
"""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from databricks_utils.config.tree import Node
from databricks_utils.contracts.errors import Problem
from databricks_utils.contracts.types.spark_types import WHOLE, Field, NotSparkTypeError, SparkType, parse
from databricks_utils.nearest import choose_from, listing

if TYPE_CHECKING:
    from open_data_contract_standard.model import SchemaProperty

_COLLATED = re.compile(r"string\s+collate\s+\w+", re.IGNORECASE)
_FRACTIONAL = {"float", "double", "decimal"}
# Logical types of the standard, and the types of Spark that can hold them.
_HOLDS = {
    "string": {"string", "varchar", "char", "binary", "variant"},
    "date": {"date"},
    "timestamp": {"timestamp", "timestamp_ntz"},
    "time": {"string", "varchar", "char", "int", "bigint"},
    "number": WHOLE | _FRACTIONAL,
    "integer": WHOLE | {"decimal"},
    "boolean": {"boolean"},
    "object": {"struct", "variant", "map", "string"},
    "array": {"array", "variant"},
    "map": {"map", "variant"},
    "vector": {"array"},
}
_WHOLE_BY_FORMAT = {
    "i8": "tinyint",
    "i16": "smallint",
    "i32": "int",
    "i64": "bigint",
    "i128": "decimal(38, 0)",
    "u8": "smallint",
    "u16": "int",
    "u32": "bigint",
    "u64": "decimal(20, 0)",
}
_NUMBER_BY_FORMAT = {"f32": "float", "f64": "double"}
_PLAIN = {"string": "string", "date": "date", "boolean": "boolean"}
_LACKING = {"object": "`properties`", "array": "`items`", "map": "`map` with `key` and `value`"}


class ColumnTypeError(ValueError):
    """Raised when Spark has no type for a property; `problem` says where and why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.summary)
        self.problem = problem


class _WrongLogicalTypeError(ColumnTypeError):
    """Raised when the logical type is none of the standard's: that is wrong wherever the table is."""


class ColumnTypes:
    """Finds the types of a contract's properties.

    Args:
        strict: Whether the tables are on Databricks: then a type that Spark lacks is an error.
        logical_names: Whether columns have their logical names.

    Attributes:
        notes: The types that were not understood, one line each.
        unknown: The properties that are read as text because their type was not understood, by `id`.
        by_format: The whole numbers whose type is that of their `format`, by `id`, with the format.
    """

    def __init__(self, *, strict: bool, logical_names: bool = False) -> None:
        self._strict, self._logical_names = strict, logical_names
        self.notes: list[str] = []
        self.unknown: set[int] = set()
        self.by_format: dict[int, str] = {}

    def field(self, given: "SchemaProperty", node: Node, *, above: str = "") -> Field:
        """Return the field that a property describes.

        Args:
            given: The property.
            node: The same in the tree of its file.
            above: The name of the column or field around it, for notes.

        Raises:
            ColumnTypeError: Spark has no type for it, or its two types do not fit.
        """
        name = (given.name if self._logical_names else given.physicalName or given.name) or ""
        if "${" in name:
            raise _refuse(
                node,
                "name",
                f"the name `{name}` contains `${{`, which Spark replaces by a variable",
                "choose another name",
            )
        label = f"{above}.{name}" if above else name
        needed = bool(given.required or given.primaryKey)
        comment = " ".join((given.description or "").split())
        return Field(name, self._type(given, node, label), not needed, comment)

    def _type(self, given: "SchemaProperty", node: Node, label: str) -> SparkType:
        if given.logicalType is not None and given.logicalType not in _HOLDS:
            summary = f"`{given.logicalType}` is no logical type of the standard"
            raise _WrongLogicalTypeError(
                Problem(
                    summary,
                    str(node.closest(("logicalType",)).origin),
                    choose_from(given.logicalType, _HOLDS) or "",
                )
            )
        try:
            nested = self._nested(given, node, label)
            physical = self._physical(given, node, label, nested)
            return nested or physical or self._logical(given, node)
        except ColumnTypeError as error:
            if self._strict or isinstance(error, _WrongLogicalTypeError):
                raise
            self.notes.append(f"{label}: {error.problem.summary}: it is read as text")
            self.unknown.add(id(given))
            return parse("string")

    def _physical(
        self, given: "SchemaProperty", node: Node, label: str, nested: SparkType | None
    ) -> SparkType | None:
        """The physical type; none if there is none, or it is not understood and the table is elsewhere."""
        if not given.physicalType:
            return None
        logical, text = given.logicalType, given.physicalType.strip()
        if nested is not None and text.lower() == nested.name:  # what is inside stands in the property
            return nested
        if _COLLATED.fullmatch(text):
            self.notes.append(f"{label}: the collation of `{text}`")
            text = "string"
        try:
            found = parse(text)
        except NotSparkTypeError as error:
            wrong = str(error)
        else:
            if nested is not None and nested != found:
                wrong = f"`{given.physicalType}` is not what the property describes: {nested.sql()}"
            elif logical is None or found.name in _HOLDS[logical]:
                return found
            else:
                wrong = f"`{given.physicalType}` cannot hold the logical type `{logical}`"
        if self._strict or (logical is None and nested is None):
            fits = (
                f"a `{logical}` fits {listing(_HOLDS[logical])}"
                if logical
                else "name a type of Spark, or a logicalType"
            )
            raise _refuse(node, "physicalType", wrong, fits)
        self.notes.append(f"{label}: {wrong}: the physical type does not count")
        return None

    def _logical(self, given: "SchemaProperty", node: Node) -> SparkType:
        logical = given.logicalType
        options = given.logicalTypeOptions or {}
        if logical in _PLAIN:
            return parse(_PLAIN[logical])
        if logical == "timestamp":
            return parse("timestamp_ntz" if options.get("timezone") is False else "timestamp")
        if logical == "integer":
            self.by_format[id(given)] = str(options.get("format", ""))
            return _by_format(node, options.get("format", "i32"), _WHOLE_BY_FORMAT)
        if logical == "number":
            self.by_format[id(given)] = str(options.get("format", ""))
            return _by_format(node, options.get("format", "f64"), _NUMBER_BY_FORMAT)
        raise _no_type(given, node, logical)

    def _nested(self, given: "SchemaProperty", node: Node, label: str) -> SparkType | None:
        """The type that nested properties describe, as far as they fit the logical type; none without them."""
        logical = given.logicalType
        if given.properties and logical in {None, "object"}:
            inner = node.closest(("properties",))
            places = (inner.closest((str(at),)) for at in range(len(given.properties)))
            fields = [
                self.field(item, place, above=label)
                for item, place in zip(given.properties, places, strict=True)
            ]
            if twice := next(
                (
                    field.name
                    for at, field in enumerate(fields)
                    if field.name.lower() in {other.name.lower() for other in fields[:at]}
                ),
                None,
            ):
                raise _refuse(
                    node, "properties", f"the field `{twice}` of {label} is there twice", "keep one of them"
                )
            return SparkType("struct", fields=tuple(fields))
        if given.items and logical in {None, "array"}:
            return SparkType(
                "array", inner=(self._type(given.items, node.closest(("items",)), f"{label}[]"),)
            )
        if given.map and given.map.key and given.map.value and logical in {None, "map"}:
            inner = node.closest(("map",))
            parts = {"key": given.map.key, "value": given.map.value}
            return SparkType(
                "map",
                inner=tuple(
                    self._type(part, inner.closest((name,)), f"{label} ({name})")
                    for name, part in parts.items()
                ),
            )
        return None


def _by_format(node: Node, name: object, known: Mapping[str, str]) -> SparkType:
    if name not in known:
        fix = choose_from(str(name), known) or ""
        raise _refuse(node, "logicalTypeOptions", f"Spark has no number of the format `{name}`", fix)
    return parse(known[str(name)])


def _no_type(given: "SchemaProperty", node: Node, logical: str | None) -> ColumnTypeError:
    if logical in _LACKING:
        summary, fix = (
            f"a `{logical}` without {_LACKING[logical]}",
            f"add {_LACKING[logical]}, or `physicalType: variant`",
        )
        return _refuse(node, "logicalType", summary, fix)
    if logical == "vector":
        return _refuse(
            node, "logicalType", "Spark has no type for a vector", "add `physicalType: array<float>`"
        )
    if logical == "time":
        return _refuse(
            node, "logicalType", "Spark has no type for a time of day", "add `physicalType: string`"
        )
    return _refuse(node, "name", f"`{given.name}` has no type", "add `logicalType` or `physicalType`")


def _refuse(node: Node, key: str, summary: str, fix: str) -> ColumnTypeError:
    return ColumnTypeError(Problem(summary, str(node.closest((key,)).origin), fix))
