"""What a contract promises and nothing here checks: it is listed, never passed over in silence."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from databricks_utils.config.tree import Node
from databricks_utils.contracts.rules.checks import is_rule
from databricks_utils.contracts.rules.library import lacks_arguments
from databricks_utils.contracts.rules.row_checks import has_own_severity
from databricks_utils.contracts.rules.several_rows import is_comparable, is_unique_check
from databricks_utils.contracts.rules.values import Value
from databricks_utils.contracts.types.literals import MOMENTS
from databricks_utils.contracts.types.spark_types import SparkType
from databricks_utils.contracts.whole_tables.service_levels import service_levels
from databricks_utils.contracts.whole_tables.table_checks import is_table_check

if TYPE_CHECKING:
    from open_data_contract_standard.model import (
        DataQuality,
        OpenDataContractStandard,
        Relationship,
        SchemaObject,
        SchemaProperty,
    )

# What a property can promise about its values.
_PROMISES = (
    *("required", "unique", "primaryKey", "partitioned", "enum", "logicalTypeOptions"),
    *("quality", "relationships"),
)
# They describe, or choose the column's type.
_DESCRIBING = (
    "dimensions",
    "elementType",
    "distanceMetric",
    "embeddingModel",
    "embeddingModelVersion",
    "normalized",
)
_FOREIGN_KEY, _SERVER = "foreignKey", "://"
_VARIABLE = re.compile(r"\$\{[^}]*\}")


def of_contract(
    given: "OpenDataContractStandard", tree: Node, tables: Sequence[Mapping[str, Sequence[Value]]]
) -> tuple[str, ...]:
    """Return one line for each promise of a contract, besides those of its tables, that is not checked.

    Args:
        given: The contract.
        tree: The same as the tree of its file.
        tables: See `service_levels`.
    """
    found = [
        f"the service level `{item.property}`{f' of {item.element}' if item.element else ''}: {item.value} {item.unit or ''}".rstrip()
        for item in given.slaProperties or []
        if not service_levels(item, tables)
    ]
    return (*found, *dict.fromkeys(f"the variable `{name}` is not replaced" for name in _variables(tree)))


def of_table(given: "SchemaObject", values: Sequence[Value], tables: Collection[str] = ()) -> tuple[str, ...]:
    """Return one line for each promise of a table that is not checked.

    Args:
        given: The table.
        values: Its columns.
        tables: The names and ids of the contract's tables.
    """
    own = {str(name) for name in (given.name, given.id) if name}
    found = list(_checks(given.quality or [], None, "the table"))
    found += _relationships(given.relationships, "the table", tables, own)
    found += [
        f"{item.name}: a {item.semanticType} is no column{_promised(item)}"
        for item in given.properties or []
        if is_computed(item)
    ]
    for column in values:
        found += _relationships(column.given.relationships, column.label, tables, own)
        found += _of_column(column)
    return tuple(found)


def is_computed(given: "SchemaProperty") -> bool:
    """Return whether a property is computed when it is asked for, and is no column."""
    return given.semanticType == "measure" or (
        given.semanticType == "dimension" and bool(given.transformLogic)
    )


def _of_column(column: Value) -> Iterator[str]:
    values = list(column.inner())
    judged = {id(value.given) for value in values}
    for value in values:
        yield from _of_value(value)
        yield from (
            line for part, name in _parts(value.given, value.label) for line in _below(part, name, judged)
        )


def _of_value(value: Value) -> Iterator[str]:
    given, label = value.given, value.label
    if given.unique and not is_comparable(value):
        what = (
            "a field inside a column" if len(value.path) > 1 else f"a column of type {value.field.type.sql()}"
        )
        yield f"{label}: `unique` of {what}"
    if given.primaryKey and len(value.path) > 1:
        yield f"{label}: `primaryKey` of a field inside a column"
    if given.partitioned:
        yield f"{label}: `partitioned`"
    if len(value.path) > 1:
        yield from (
            f"{label}: the relationship of a field inside a column to {item.to}"
            for item in given.relationships or []
        )
    yield from _checks(given.quality or [], value, label)
    if given.enum and not value.is_understood:
        yield f"{label}: `enum` of a column that is read as text"
    for key, wanted in (given.logicalTypeOptions or {}).items():
        if not value.has_rule(key) and not _chooses_the_type(value, key) and key not in _DESCRIBING:
            yield f"{label}: `{key}: {wanted}` of a column of type {value.field.type.sql()}"
    if not given.properties and _has_needed_fields(value.field.type):
        yield f"{label}: NOT NULL inside of `{given.physicalType}`"


def _chooses_the_type(value: Value, key: str) -> bool:
    if key == "format":
        return bool(value.format) or value.field.type.name in MOMENTS  # how the text of a file is read
    return key in {"timezone", "defaultTimezone"} and value.field.type.name in {"timestamp", "timestamp_ntz"}


def _has_needed_fields(kind: SparkType) -> bool:
    fields = any(not field.nullable or _has_needed_fields(field.type) for field in kind.fields)
    return fields or any(map(_has_needed_fields, kind.inner))


def _below(given: "SchemaProperty", label: str, judged: set[int]) -> Iterator[str]:
    """What is promised of elements, keys and values, and of fields of a column whose type has none."""
    if id(given) in judged:
        return
    if promised := [key for key in _PROMISES if getattr(given, key)]:
        yield f"{label}: {', '.join(f'`{key}`' for key in promised)}"
    for part, name in _parts(given, label):
        yield from _below(part, name, judged)


def _parts(given: "SchemaProperty", label: str) -> Iterator[tuple["SchemaProperty", str]]:
    for item in given.properties or []:
        yield item, f"{label}.{item.physicalName or item.name}"
    if given.items:
        yield given.items, f"{label}[]"
    if given.map and given.map.key:
        yield given.map.key, f"{label} (key)"
    if given.map and given.map.value:
        yield given.map.value, f"{label} (value)"


def _promised(given: "SchemaProperty") -> str:
    found = [key for key in _PROMISES if getattr(given, key)]
    return f"; it promises {', '.join(f'`{key}`' for key in found)}" if found else ""


def _is_executed(item: "DataQuality", value: Value | None) -> bool:
    return is_rule(item, value) or is_unique_check(item, value) or is_table_check(item, value)


def _relationships(
    items: "Sequence[Relationship] | None", where: str, tables: Collection[str], own: Collection[str]
) -> Iterator[str]:
    """The relationships that no row can be judged by; whether there is what the others lead to, who uses the contract finds."""
    for item in items or []:
        line = f"{where}: the relationship to {', '.join(references_of(item.to))}"
        here = [to for to in references_of(item.to) if "#" not in to]
        if item.type not in {None, _FOREIGN_KEY}:
            yield f"{line}: its type is `{item.type}`"
        elif not is_followed(item):
            is_away = any(_SERVER in to for to in references_of(item.to))
            yield f"{line}: {'it is on another server' if is_away else 'a field inside a column'}"
        elif any(_starts_with(to, own) for to in here):
            yield f"{line}: a table that refers to itself"
        elif any(not _starts_with(to, tables) for to in here):
            yield f"{line}: no table of this contract; of another one it is `file.odcs.yaml#/schema/<table>/properties/<column>`"


def is_followed(given: "Relationship") -> bool:
    """Return whether a relationship is a foreign key between columns of tables that are not on another server, as its text says."""
    texts = [*references_of(given.to), *references_of(given.from_)]
    is_near = not any(_SERVER in text for text in texts)
    return given.type in {None, _FOREIGN_KEY} and is_near and not any(map(_is_nested, texts))


def _is_nested(reference: str) -> bool:
    place = reference.rpartition("#")[2]
    return place.count("/properties/") > 1


def references_of(given: "str | list[str] | None") -> list[str]:
    """Return the references on one side of a relationship."""
    return [given] if isinstance(given, str) else list(given or [])


def _starts_with(reference: str, tables: Collection[str]) -> bool:
    place = reference.strip("/").removeprefix("schema/")
    return any(place.startswith((f"{name}.", f"{name}/")) for name in tables)


def _checks(given: "Sequence[DataQuality]", value: Value | None, where: str) -> Iterator[str]:
    for item in given:
        kind = item.metric or item.rule or item.type or "check"
        if not _is_executed(item, value):
            why = ": it does not say what is right" if lacks_arguments(item) else ""
            yield f"{where}: the check `{item.name or kind}` ({item.type or 'library'}){why}"
        elif has_own_severity(item):
            words = f"the severity `{item.severity}` is none of error, warning, fail; it counts as error"
            yield f"{where}: the check `{item.id or item.name or kind}`: {words}"


def _variables(node: Node) -> Iterator[str]:
    if isinstance(node.value, str):
        yield from _VARIABLE.findall(node.value)
    for child in dict(node.items()).values():
        yield from _variables(child)
