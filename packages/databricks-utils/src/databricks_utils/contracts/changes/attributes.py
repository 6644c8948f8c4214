"""Keys of a contract that are compared one by one, and lists whose items have a name."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from databricks_utils.config.tree import Data, Node
from databricks_utils.contracts.changes.change import Change, Spot
from databricks_utils.contracts.own_properties import GUESSED
from databricks_utils.contracts.reading.shape import data_of

_LONGEST = 80  # characters of a value in a summary
_UNITS = frozenset({"unit", "units", "unitofmeasure", "unitofmeasurement", "currency"})


@dataclass(frozen=True)
class Kinds:
    """The kinds of change of one key: it is added, removed, or has another value."""

    added: str
    removed: str
    changed: str


def always(kind: str) -> Kinds:
    """Return one kind for all three."""
    return Kinds(kind, kind, kind)


TEXT = always("text_changed")
# They say something to people, wherever they stand.
TEXTS: Mapping[str, Kinds] = dict.fromkeys(
    ("id", "description", "businessName", "synonyms", "authoritativeDefinitions"), TEXT
)
TAGS: Mapping[str, Kinds] = {"tags": always("tags_changed")}


def data_at(node: Node, key: str) -> Data:
    """Return the value of a key as plain data; None if it is missing, empty, or false: these say the same."""
    found = node.at((key,))
    value = None if found is None else data_of(found)
    return None if value is False or value in ("", [], {}) else value


def compare_keys(spot: Spot, kinds: Mapping[str, Kinds]) -> Iterator[Change]:
    """Yield the changes of single keys.

    Args:
        spot: The place of the mapping.
        kinds: The keys, each with its kinds of change.
    """
    for key, kind in kinds.items():
        old, new = data_at(spot.old, key), data_at(spot.new, key)
        if same(old, new):
            continue
        if new is None:
            yield spot.at(key).removed(kind.removed, f"`{key}` removed: {shown(old)}", old)
        elif old is None:
            yield spot.at(key).change(kind.added, f"`{key}` added: {shown(new)}", None, new)
        else:
            yield spot.at(key).change(kind.changed, f"`{key}`: {shown(old)} → {shown(new)}", old, new)


KindOf = Callable[[str, Data, Data], str | None]
"""The kind of a change of a named value: of its name, old and new value; None if it has no meaning."""


def compare_custom(spot: Spot, known: KindOf | None = None) -> Iterator[Change]:
    """Yield the changes of custom properties.

    Args:
        spot: The place of what they belong to.
        known: The kind of change of a property that has a meaning there: of its name, old and new value; None: it has none. Besides
            these only the unit and `guessed` are known.
    """

    def kind_of(name: str, old: Data, new: Data, unit: str) -> str:
        if name == GUESSED:  # a guess that is confirmed is the same promise
            return "text_changed"
        found = known(name, old, new) if known else None
        return found or (unit if _is_unit(name) else "custom_property_changed")

    pairs, gone, new = matched(
        items(spot.old, "customProperties"), items(spot.new, "customProperties"), (name_of("property"),)
    )
    for old_node, new_node in pairs:
        old, now = data_at(old_node, "value"), data_at(new_node, "value")
        if not same(old, now):
            name = str(data_at(new_node, "property"))
            place = spot.inside("", old_node, new_node)
            kind = kind_of(name, old, now, "unit_changed")
            yield place.change(kind, f"`{name}`: {shown(old)} → {shown(now)}", old, now)
    for node in gone:
        name, value = str(data_at(node, "property")), data_at(node, "value")
        kind = kind_of(name, value, None, "unit_removed")
        yield spot.inside("", node, spot.new).removed(kind, f"`{name}` removed: {shown(value)}", value)
    for node in new:
        name, value = str(data_at(node, "property")), data_at(node, "value")
        kind = kind_of(name, None, value, "unit_added")
        yield spot.inside("", spot.old, node).change(kind, f"`{name}` added: {shown(value)}", None, value)


def items(node: Node, *keys: str) -> list[Node]:
    """Return the items of a list inside of a mapping; none if it is missing."""
    found = node.at(keys)
    return list(found.value) if found is not None and isinstance(found.value, list) else []


def name_of(*keys: str) -> Callable[[Node], Data]:
    """Return what gives an item's name: the values of these keys; None if all of them are missing."""

    def found(node: Node) -> Data:
        values = [data_at(node, key) for key in keys]
        return repr(values) if any(value is not None for value in values) else None

    return found


def matched(
    old: Sequence[Node], new: Sequence[Node], names: Sequence[Callable[[Node], Data]]
) -> tuple[list[tuple[Node, Node]], list[Node], list[Node]]:
    """Return the items that are in both lists as pairs, those that are gone, and those that are new.

    Args:
        old: The items before.
        new: The items now.
        names: What two items have to have in common: the first that some have, then the next for the others.
    """
    gone, added = list(old), list(new)
    pairs: list[tuple[Node, Node]] = []
    for name in names:
        for item in list(added):
            wanted = name(item)
            partner = next((other for other in gone if wanted is not None and name(other) == wanted), None)
            if partner is not None:
                pairs.append((partner, item))
                gone = [other for other in gone if other is not partner]
                added = [other for other in added if other is not item]
    return pairs, gone, added


def same(old: Data, new: Data) -> bool:
    """Return whether two values are the same; true is not 1, and the kind of a number does not count."""
    return (type(old) is type(new) and old == new) or (_is_number(old) and _is_number(new) and old == new)


def shown(value: Data) -> str:
    """Return a value for people, in one line and not too long."""
    text = ", ".join(map(shown, value)) if isinstance(value, list) else str(value)
    text = {"True": "true", "False": "false", "None": "nothing"}.get(text, " ".join(text.split()))
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _is_number(value: Data) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_unit(name: str) -> bool:
    return name.replace("_", "").replace("-", "").lower() in _UNITS
