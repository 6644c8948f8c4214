"""What a contract promises and nothing here checks: it is listed, never passed over in silence."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Union

from databricks_utils.contracts.row_rules import Value, unused_options

if TYPE_CHECKING:
    from open_data_contract_standard.model import (
        DataQuality,
        OpenDataContractStandard,
        SchemaObject,
        SchemaProperty,
    )

# What a property can promise about its values.
_PROMISES = ("required", "unique", "enum", "logicalTypeOptions", "quality")


def not_executed(
    given: Union["OpenDataContractStandard", "SchemaObject"], values: Sequence[Value] = ()
) -> tuple[str, ...]:
    """Return one line for each promise of a contract, or of one of its tables, that is not checked.

    Args:
        given: The contract, or the table.
        values: The columns of the table.
    """
    found = [
        f"the service level `{item.property}`{_on(item.element)}: {item.value} {item.unit or ''}".rstrip()
        for item in getattr(given, "slaProperties", None) or []
    ]
    found += [_check(item, "the table") for item in getattr(given, "quality", None) or []]
    found += [f"the relationship to {item.to}" for item in getattr(given, "relationships", None) or []]
    found += [line for column in values for value in column.inner() for line in _of_value(value)]
    return tuple(found)


def _of_value(value: Value) -> Iterator[str]:
    given, label = value.given, value.label
    if given.unique:
        yield f"{label}: `unique`"
    if given.partitioned:
        yield f"{label}: `partitioned`"
    for item in given.relationships or []:
        yield f"{label}: the relationship to {item.to}"
    for item in given.quality or []:
        yield _check(item, label)
    for key in unused_options(value):
        yield f"{label}: `{key}` of a column of type {value.field.type.sql()}"
    yield from _inside(given, label)


def _inside(given: "SchemaProperty", label: str) -> Iterator[str]:
    """Promises about the elements of an array, or about keys and values of a map."""
    parts = [("the elements", given.items)]
    if given.map:
        parts += [("the keys", given.map.key), ("the values", given.map.value)]
    for name, part in parts:
        if part is not None:
            promised = [key for key in _PROMISES if getattr(part, key)]
            if promised:
                yield f"{label}: {', '.join(f'`{key}`' for key in promised)} of {name}"
            for inner in part.properties or []:
                if any(getattr(inner, key) for key in _PROMISES):
                    yield f"{label}: what is said of `{inner.name}` in {name}"
            yield from _inside(part, label)


def _check(item: "DataQuality", where: str) -> str:
    kind = item.metric or item.rule or item.type or "check"
    return f"{where}: the check `{item.name or kind}` ({item.type or 'library'})"


def _on(element: str | None) -> str:
    return f" of {element}" if element else ""
