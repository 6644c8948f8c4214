"""What a contract promises and nothing here checks: it is listed, never passed over in silence."""

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from databricks_utils.config.tree import Node
from databricks_utils.contracts.rules.checks import is_rule
from databricks_utils.contracts.rules.library import lacks_arguments
from databricks_utils.contracts.rules.row_checks import has_own_severity
from databricks_utils.contracts.rules.values import Value
from databricks_utils.contracts.types.literals import MOMENTS
from databricks_utils.contracts.types.spark_types import SparkType

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
_VARIABLE = re.compile(r"\$\{[^}]*\}")


def of_contract(given: "OpenDataContractStandard", tree: Node) -> tuple[str, ...]:
    """Return one line for each promise of a contract, besides those of its tables, that is not checked.

    Args:
        given: The contract.
        tree: The same as the tree of its file.
    """
    found = [
        f"the service level `{item.property}`{f' of {item.element}' if item.element else ''}: {item.value} {item.unit or ''}".rstrip()
        for item in given.slaProperties or []
    ]
    return (*found, *dict.fromkeys(f"the variable `{name}` is not replaced" for name in _variables(tree)))


def of_table(given: "SchemaObject", values: Sequence[Value]) -> tuple[str, ...]:
    """Return one line for each promise of a table that is not checked; that values are unique is for `contract test` to find.

    Args:
        given: The table.
        values: Its columns.
    """
    found = list(_checks(given.quality or [], None, "the table"))
    found += [_relationship(item, "the table") for item in given.relationships or []]
    found += [
        f"{item.name}: a {item.semanticType} is no column{_promised(item)}"
        for item in given.properties or []
        if is_computed(item)
    ]
    found += [line for column in values for line in _of_column(column)]
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
    if given.unique and len(value.path) > 1:
        yield f"{label}: `unique` of a field inside a column"
    if given.primaryKey and len(value.path) > 1:
        yield f"{label}: `primaryKey` of a field inside a column"
    if given.partitioned:
        yield f"{label}: `partitioned`"
    yield from (_relationship(item, label) for item in given.relationships or [])
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


def _relationship(item: "Relationship", where: str) -> str:
    return f"{where}: the relationship to {item.to}"


def _checks(given: "Sequence[DataQuality]", value: Value | None, where: str) -> Iterator[str]:
    for item in given:
        kind = item.metric or item.rule or item.type or "check"
        if not is_rule(item, value):
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
