"""The Spark type of a property: its physical type where that is one of Spark's, else the nearest to its logical type.

A physical type is in the words of the system that holds the table. Where that is Databricks, a type that Spark lacks is a
mistake; a contract about a table elsewhere is read all the same, and says which of its types was not understood.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from databricks_utils.config.tree import Node
from databricks_utils.contracts.errors import Problem
from databricks_utils.contracts.spark_types import Field, NotSparkTypeError, SparkType, parse
from databricks_utils.nearest import choose_from, listing

if TYPE_CHECKING:
    from open_data_contract_standard.model import SchemaProperty

_WHOLE = {"tinyint", "smallint", "int", "bigint"}
_FRACTIONAL = {"float", "double", "decimal"}
# Logical types of the standard, and the types of Spark that can hold them.
_HOLDS = {
    "string": {"string", "varchar", "char", "binary", "variant"},
    "date": {"date"},
    "timestamp": {"timestamp", "timestamp_ntz"},
    "time": {"string", "varchar", "char", "int", "bigint"},
    "number": _WHOLE | _FRACTIONAL,
    "integer": _WHOLE | {"decimal"},
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


class ColumnTypeError(ValueError):
    """Raised when Spark has no type for a property; `problem` says where and why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.summary)
        self.problem = problem


class ColumnTypes:
    """Finds the types of a contract's properties.

    Args:
        strict: Whether the tables are on Databricks: then a type that Spark lacks is an error.

    Attributes:
        notes: The types that were not understood, one line each.
    """

    def __init__(self, *, strict: bool) -> None:
        self._strict = strict
        self.notes: list[str] = []

    def field(self, given: "SchemaProperty", node: Node) -> Field:
        """Return the field that a property describes.

        Args:
            given: The property.
            node: The same in the tree of its file.

        Raises:
            ColumnTypeError: Spark has no type for it, or its two types do not fit.
        """
        needed = bool(given.required or given.primaryKey)
        comment = " ".join((given.description or "").split())
        return Field(given.physicalName or given.name or "", self._type(given, node), not needed, comment)

    def _type(self, given: "SchemaProperty", node: Node) -> SparkType:
        logical = given.logicalType
        if logical is not None and logical not in _HOLDS:
            fix = choose_from(logical, _HOLDS) or ""
            raise _refuse(node, "logicalType", f"`{logical}` is no logical type of the standard", fix)
        try:
            return self._physical(given, node) or self._logical(given, node)
        except ColumnTypeError as error:
            if self._strict:
                raise
            self.notes.append(f"{given.name}: {error.problem.summary}: the column is read as text")
            return parse("string")

    def _physical(self, given: "SchemaProperty", node: Node) -> SparkType | None:
        """The physical type; none if there is none, or its nested properties say more, or it is not understood elsewhere."""
        if not given.physicalType or given.properties or given.items or given.map:
            return None
        try:
            found = parse(given.physicalType)
        except NotSparkTypeError as error:
            wrong = str(error)
        else:
            if given.logicalType is None or found.name in _HOLDS[given.logicalType]:
                return found
            wrong = f"`{given.physicalType}` cannot hold the logical type `{given.logicalType}`"
        if self._strict or given.logicalType is None:
            fits = (
                f"a `{given.logicalType}` fits {listing(_HOLDS[given.logicalType])}"
                if given.logicalType
                else "name a type of Spark, or a logicalType"
            )
            raise _refuse(node, "physicalType", wrong, fits)
        self.notes.append(f"{given.name}: {wrong}: its logical type counts")
        return None

    def _logical(self, given: "SchemaProperty", node: Node) -> SparkType:
        implied = "object" if given.properties else "array" if given.items else "map" if given.map else None
        logical = given.logicalType or implied
        options = given.logicalTypeOptions or {}
        if logical in _PLAIN:
            return parse(_PLAIN[logical])
        if logical == "timestamp":
            return parse("timestamp_ntz" if options.get("timezone") is False else "timestamp")
        if logical == "integer":
            return _by_format(node, options.get("format", "i32"), _WHOLE_BY_FORMAT)
        if logical == "number":
            return _by_format(node, options.get("format", "f64"), _NUMBER_BY_FORMAT)
        nested = self._nested(given, node, logical)
        if nested is None:
            raise _no_type(given, node, logical)
        return nested

    def _nested(self, given: "SchemaProperty", node: Node, logical: str | None) -> SparkType | None:
        if logical == "object" and given.properties:
            inner = node.closest(("properties",))
            fields = (self.field(item, inner.closest((str(at),))) for at, item in enumerate(given.properties))
            return SparkType("struct", fields=tuple(fields))
        if logical == "array" and given.items:
            return SparkType("array", inner=(self._type(given.items, node.closest(("items",))),))
        if logical == "map" and given.map and given.map.key and given.map.value:
            inner = node.closest(("map",))
            parts = {"key": given.map.key, "value": given.map.value}
            return SparkType(
                "map", inner=tuple(self._type(part, inner.closest((name,))) for name, part in parts.items())
            )
        return None


def _by_format(node: Node, name: object, known: Mapping[str, str]) -> SparkType:
    if name not in known:
        fix = choose_from(str(name), known) or ""
        raise _refuse(node, "logicalTypeOptions", f"Spark has no number of the format `{name}`", fix)
    return parse(known[str(name)])


def _no_type(given: "SchemaProperty", node: Node, logical: str | None) -> ColumnTypeError:
    lacking = {"object": "`properties`", "array": "`items`", "map": "`map` with `key` and `value`"}
    if logical in lacking:
        summary, fix = (
            f"a `{logical}` without {lacking[logical]}",
            f"add {lacking[logical]}, or `physicalType: variant`",
        )
    elif logical == "vector":
        return _refuse(
            node, "logicalType", "Spark has no type for a vector", "add `physicalType: array<float>`"
        )
    elif logical == "time":
        summary, fix = "Spark has no type for a time of day", "add `physicalType: string`"
    else:
        return _refuse(node, "name", f"`{given.name}` has no type", "add `logicalType` or `physicalType`")
    return _refuse(node, "logicalType", summary, fix)


def _refuse(node: Node, key: str, summary: str, fix: str) -> ColumnTypeError:
    return ColumnTypeError(Problem(summary, str(node.closest((key,)).origin), fix))
