"""Changes of what values keep to: bounds, lengths, lists of allowed values, patterns, formats."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from databricks_utils.config.tree import Data, Node
from databricks_utils.contracts.changes.attributes import (
    TEXT,
    Kinds,
    always,
    compare_keys,
    data_at,
    items,
    matched,
    shown,
)
from databricks_utils.contracts.changes.change import Change, Spot
from databricks_utils.contracts.changes.promises.amounts import moment, number
from databricks_utils.contracts.reading.shape import data_of

_OPTIONS = "logicalTypeOptions"
# The keys of each bound, and whether a greater value is the tighter one.
_BOUNDS = {
    "lower bound": (("minimum", "exclusiveMinimum"), True),
    "upper bound": (("maximum", "exclusiveMaximum"), False),
    "least length": (("minLength",), True),
    "greatest length": (("maxLength",), False),
    "least number of items": (("minItems",), True),
    "greatest number of items": (("maxItems",), False),
    "least number of properties": (("minProperties",), True),
    "greatest number of properties": (("maxProperties",), False),
}
_UNSIGNED = {"u8": 2**8 - 1, "u16": 2**16 - 1, "u32": 2**32 - 1, "u64": 2**64 - 1}
_OTHERS = {
    "pattern": Kinds("pattern_added", "pattern_removed", "pattern_changed"),
    "defaultTimezone": always("time_zone_changed"),
    "uniqueItems": Kinds("bound_tightened", "bound_loosened", "bound_tightened"),
    **dict.fromkeys(
        (
            "dimensions",
            "elementType",
            "distanceMetric",
            "embeddingModel",
            "embeddingModelVersion",
            "normalized",
        ),
        always("vector_changed"),
    ),
}
_FORMAT = {"format": Kinds("format_added", "format_removed", "format_changed")}
_NUMBERS = ("integer", "number")


@dataclass(frozen=True)
class Limit:
    """A bound.

    Attributes:
        text: As the contract has it, with its key.
        number: For comparison; None if it means no number and no moment.
        is_moment: Whether the number counts microseconds.
        is_outside: Whether the bound itself is not allowed.
    """

    text: str
    number: Decimal | None
    is_moment: bool = False
    is_outside: bool = False


def compare_options(spot: Spot) -> Iterator[Change]:
    """Yield the changes of `logicalTypeOptions`.

    Args:
        spot: The place of the property.
    """
    options = Spot(spot.words, _options(spot.old), _options(spot.new))
    is_whole = all(data_at(node, "logicalType") == "integer" for node in (spot.old, spot.new))
    for name, (keys, greater_is_tighter) in _BOUNDS.items():
        yield from _bound(options, name, keys, greater_is_tighter=greater_is_tighter, is_whole=is_whole)
    yield from _step(options)
    yield from _fields(options)
    yield from _time_zone(spot)
    yield from compare_keys(options, _OTHERS)
    if not all(data_at(node, "logicalType") in _NUMBERS for node in (spot.old, spot.new)):
        yield from compare_keys(options, _FORMAT)  # that of a number is its type and its bounds


def compare_values(spot: Spot) -> Iterator[Change]:
    """Yield the changes of the allowed values.

    Args:
        spot: The place of the property.
    """
    old, new = items(spot.old, "enum"), items(spot.new, "enum")
    before, now = (_values(nodes) for nodes in (old, new))
    if old and not new:
        yield spot.at("enum").removed("enum_removed", f"any value allowed, before: {shown(before)}", before)
    elif new and not old:
        yield spot.at("enum").change("enum_added", f"allowed values: {shown(now)}", None, now)
    else:
        is_number = all(data_at(node, "logicalType") in _NUMBERS for node in (spot.old, spot.new))
        name = _name_of_number if is_number else name_of_value
        pairs, gone, added = matched(old, new, (name,))
        for node in gone:
            value = _value(node)
            summary = f"value no longer allowed: {shown(value)}"
            yield Spot(spot.words, node, spot.new).removed("enum_value_removed", summary, value)
        for node in added:
            value = _value(node)
            yield Spot(spot.words, spot.old, node).change(
                "enum_value_added", f"value allowed too: {shown(value)}", None, value
            )
        for one, other in pairs:
            yield from compare_keys(Spot(spot.words, one, other), _OF_A_VALUE)


_OF_A_VALUE = {
    **dict.fromkeys(("id", "label", "description", "authoritativeDefinitions"), TEXT),
    "tags": always("tags_changed"),
    "customProperties": always("custom_property_changed"),
}


def name_of_value(node: Node) -> Data:
    """Return what tells the values of an enumeration apart: 1 and "1" and true are three."""
    value = _value(node)
    return f"{type(value).__name__}: {value}"


def _name_of_number(node: Node) -> Data:
    """The same in a column of numbers, where 1 and 1.0 are one."""
    value = _value(node)
    found = number(str(value)) if isinstance(value, int | float) and not isinstance(value, bool) else None
    return name_of_value(node) if found is None else f"number: {found.normalize()}"


def _options(node: Node) -> Node:
    found = node.at((_OPTIONS,))
    return found if found is not None and found.children else Node({}, node.origin)


def _value(node: Node) -> Data:
    found = node.at(("value",))
    return None if found is None else data_of(found)


def _values(nodes: list[Node]) -> list[Data]:
    return [_value(node) for node in nodes]


def _bound(
    spot: Spot, name: str, keys: tuple[str, ...], *, greater_is_tighter: bool, is_whole: bool
) -> Iterator[Change]:
    old, new = (
        _limit(node, keys, greater_is_tighter=greater_is_tighter, is_whole=is_whole)
        for node in (spot.old, spot.new)
    )
    kind = _kind_of_limits(old, new, greater_is_tighter=greater_is_tighter)
    if kind is None:
        return
    summary = f"{name}: {old.text if old else 'none'} → {new.text if new else 'none'}"
    place = spot.at(next((key for key in keys if (spot.new if new else spot.old).at((key,))), "format"))
    if new:
        yield place.change(kind, summary, old.text if old else None, new.text)
    else:
        yield place.removed(kind, summary, old.text if old else None)


def _kind_of_limits(old: Limit | None, new: Limit | None, *, greater_is_tighter: bool) -> str | None:
    """The kind of a change from one limit to another; none if both let the same values in."""
    if old == new:
        return None
    if old is None or new is None:
        return "bound_tightened" if new else "bound_loosened"
    if old.number is None or new.number is None or old.is_moment != new.is_moment:
        return "bound_changed"
    difference = (new.number > old.number) - (new.number < old.number)
    tighter = (difference if greater_is_tighter else -difference) or new.is_outside - old.is_outside
    return None if not tighter else "bound_tightened" if tighter > 0 else "bound_loosened"


def _limit(node: Node, keys: tuple[str, ...], *, greater_is_tighter: bool, is_whole: bool) -> Limit | None:
    """The tightest limit that some keys set; none if none of them is there."""
    found = [_written(key, child) for key in keys if (child := node.at((key,))) and child.value is not None]
    found += _implied(node, keys)
    if is_whole:
        found = [_of_whole_numbers(limit, is_lower=greater_is_tighter) for limit in found]
    numbers = [limit.number for limit in found if limit.number is not None]
    if len(found) < 2 or len(numbers) < len(found):
        return found[0] if found else None
    tightest = max(numbers) if greater_is_tighter else min(numbers)
    return max((limit for limit in found if limit.number == tightest), key=lambda limit: limit.is_outside)


def _of_whole_numbers(limit: Limit, *, is_lower: bool) -> Limit:
    """The last whole number that a bound allows: below 10 is at most 9."""
    if limit.number is None or limit.is_moment:
        return limit
    last = limit.number.to_integral_value(ROUND_CEILING if is_lower else ROUND_FLOOR)
    if limit.is_outside and last == limit.number:
        last += 1 if is_lower else -1
    return replace(limit, number=last, is_outside=False)


def _written(key: str, child: Node) -> Limit:
    text = str(child.value) if child.text is None or child.text.startswith("0x") else child.text
    is_outside = key.startswith("exclusive")
    found = number(text)
    if found is not None:
        return Limit(f"{key} {text}", found, is_outside=is_outside)
    return Limit(f"{key} {shown(text)}", moment(text), is_moment=True, is_outside=is_outside)


def _implied(node: Node, keys: tuple[str, ...]) -> list[Limit]:
    """The bound that the format of an unsigned number has."""
    name = str(data_at(node, "format"))
    if name not in _UNSIGNED or not {"minimum", "maximum"} & set(keys):
        return []
    value = 0 if "minimum" in keys else _UNSIGNED[name]
    return [Limit(f"{value} of format {name}", Decimal(value))]


def _time_zone(spot: Spot) -> Iterator[Change]:
    """Whether timestamps have a time zone, where the physical type does not say it."""
    key = (_OPTIONS, "timezone")
    found = [node.at(key) for node in (spot.old, spot.new)]
    old, new = (node is None or node.value is not False for node in found)
    physical = {str(data_at(node, "physicalType")) for node in (spot.old, spot.new)}
    if old != new and len(physical) == 1 and physical != {"None"}:
        yield spot.at(*key).change("time_zone_changed", f"`timezone`: {shown(old)} → {shown(new)}", old, new)


def _step(spot: Spot) -> Iterator[Change]:
    old, new = (node.at(("multipleOf",)) for node in (spot.old, spot.new))
    texts = [node.text or str(node.value) if node is not None else "" for node in (old, new)]
    before, now = (number(text) for text in texts)
    if texts[0] == texts[1] or (before is not None and before == now):
        return
    summary = f"multiple of: {texts[0] or 'any'} → {texts[1] or 'any'}"
    place = spot.at("multipleOf")
    if not texts[1]:
        yield place.removed("bound_loosened", summary, texts[0])
    elif not texts[0] or _is_multiple(now, before):
        yield place.change("bound_tightened", summary, texts[0] or None, texts[1])
    else:
        kind = "bound_loosened" if _is_multiple(before, now) else "bound_changed"
        yield place.change(kind, summary, *texts)


def _is_multiple(one: Decimal | None, other: Decimal | None) -> bool:
    return one is not None and bool(other) and one % (other or 1) == 0


def _fields(spot: Spot) -> Iterator[Change]:
    """The fields that an object must have: those named by its option `required`."""
    old, new = (set(map(str, data_at(node, "required") or [])) for node in (spot.old, spot.new))
    place = spot.at("required")
    if new - old:
        names = sorted(new - old)
        yield place.change("required_added", f"now required: {shown(names)}", None, names)
    if old - new:
        names = sorted(old - new)
        yield place.removed("required_removed", f"no longer required: {shown(names)}", names)
