"""The guesses in a contract that nobody has confirmed: the custom property `guessed` of a table or column names them."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from databricks_utils.contracts.contract import Contract

if TYPE_CHECKING:
    from open_data_contract_standard.model import SchemaObject, SchemaProperty

GUESSED = "guessed"


def not_confirmed(contract: Contract) -> tuple[str, ...]:
    """Return a line for each column, field or table of a contract with guesses that nobody has confirmed.

    A guess is confirmed when its name is removed from the list `guessed`.

    Args:
        contract: The contract.
    """
    lines: list[str] = []
    for table, given in zip(contract.tables, contract.document.schema_ or [], strict=True):
        if guesses := texts_of(given, GUESSED):
            lines.append(f"{table.name}: {', '.join(guesses)}")
        for label, item in properties_below(given.properties or []):
            if guesses := texts_of(item, GUESSED):
                lines.append(f"{table.name}: {label}: {', '.join(guesses)}")
    return tuple(lines)


def properties_below(
    properties: "Sequence[SchemaProperty]", above: str = ""
) -> "Iterator[tuple[str, SchemaProperty]]":
    """Yield properties and those inside of them, each with its path for people: `address.zip`, `tags[]`.

    Args:
        properties: The properties.
        above: The path of what is around them.
    """
    for item in properties:
        name = item.physicalName or item.name or ""
        yield from _with_inner(item, f"{above}.{name}" if above else name)


def _with_inner(item: "SchemaProperty", label: str) -> "Iterator[tuple[str, SchemaProperty]]":
    yield label, item
    yield from properties_below(item.properties or [], label)
    if item.items:
        yield from _with_inner(item.items, f"{label}[]")
    for part, name in ((item.map.key, "key"), (item.map.value, "value")) if item.map else ():
        if part:
            yield from _with_inner(part, f"{label} ({name})")


def texts_of(given: "SchemaObject | SchemaProperty", name: str) -> tuple[str, ...] | None:
    """Return the texts of a custom property; None if it is not there.

    Args:
        given: The table or column.
        name: The name of the custom property.
    """
    for item in given.customProperties or []:
        if item.property == name:
            values = item.value if isinstance(item.value, list) else [item.value]
            return tuple(map(_text, values))
    return None


def _text(value: Any) -> str:  # noqa: ANN401 - any value of YAML
    """A value as the text that was meant: `null` and `true` without quotes are words in a file too."""
    if value is None:
        return "null"
    return str(value).lower() if isinstance(value, bool) else str(value)
