"""Changes of service levels: which way is tighter depends on what is promised."""

from collections.abc import Iterator
from decimal import Decimal

from databricks_utils.config.tree import Data, Node
from databricks_utils.contracts.changes.attributes import (
    TEXT,
    always,
    compare_custom,
    compare_keys,
    data_at,
    items,
    matched,
    same,
    shown,
)
from databricks_utils.contracts.changes.change import Change, Spot
from databricks_utils.contracts.changes.promises.amounts import moment, number
from databricks_utils.contracts.changes.promises.severities import (
    custom_severity,
    kind_by_severity,
    severity_in_properties,
)
from databricks_utils.contracts.reading.shape import data_of

_SHORT = {
    "av": "availability",
    "th": "throughput",
    "er": "errorrate",
    "ga": "generalavailability",
    "es": "endofsupport",
    "el": "endoflife",
    "re": "retention",
    "ly": "latency",
    "td": "timetodetect",
    "tn": "timetonotify",
    "tr": "timetorepair",
}
# Source: the service levels of the standard, with their synonyms. `frequency` is missing: its value may be a period or a number of times.
_LOWER_IS_TIGHTER = frozenset(
    {
        *("latency", "freshness", "errorrate", "timetodetect", "timetonotify", "timetorepair"),
        *("generalavailability", "timeofavailability"),
    }
)
_HIGHER_IS_TIGHTER = frozenset({"availability", "throughput", "retention", "endofsupport", "endoflife"})
_SECONDS = {
    **dict.fromkeys(("s", "sec", "second", "seconds"), 1),
    **dict.fromkeys(("min", "minute", "minutes"), 60),
    **dict.fromkeys(("h", "hr", "hour", "hours"), 3600),
    **dict.fromkeys(("d", "day", "days"), 86_400),
    **dict.fromkeys(("w", "week", "weeks"), 604_800),
    **dict.fromkeys(("y", "yr", "year", "years"), 31_557_600),
}
_PERCENT = frozenset({"%", "percent", "pct", "percentage"})
_KEYS = {
    "id": TEXT,
    "description": TEXT,
    "driver": TEXT,
    "authoritativeDefinitions": TEXT,
    "scheduler": always("sla_schedule_changed"),
    "schedule": always("sla_schedule_changed"),
}


def compare_service_levels(spot: Spot) -> Iterator[Change]:
    """Yield the changes of the service levels.

    Args:
        spot: The place of the contract.
    """
    pairs, gone, added = matched(
        items(spot.old, "slaProperties"), items(spot.new, "slaProperties"), (_by_driver, _by_element)
    )
    for one, other in pairs:
        yield from _compare(spot.inside(_words(other), one, other))
    for node in gone:
        place = spot.inside(_words(node), node, spot.new)
        yield place.removed("sla_removed", f"removed: {_value(node)}", data_of(node))
    for node in added:
        place = spot.inside(_words(node), spot.old, node)
        kind = kind_by_severity("sla_added", severity_in_properties(node))
        yield place.change(kind, f"added: {_value(node)}", None, data_of(node))


def _compare(spot: Spot) -> Iterator[Change]:
    yield from compare_keys(spot, _KEYS)
    yield from compare_custom(spot, custom_severity(unsaid="warning"))
    old, new = (
        tuple(data_at(node, key) for key in ("value", "valueExt", "unit")) for node in (spot.old, spot.new)
    )
    if all(same(one, other) for one, other in zip(old, new, strict=True)):
        return
    kind = kind_by_severity(_kind(spot, old, new), severity_in_properties(spot.new))
    yield spot.at("value").change(kind, f"{_value(spot.old)} → {_value(spot.new)}", old[0], new[0])


def _kind(spot: Spot, old: tuple[Data, ...], new: tuple[Data, ...]) -> str:
    name = _property(spot.new)
    before, now = _comparable(old), _comparable(new)
    sign = -1 if name in _LOWER_IS_TIGHTER else 1 if name in _HIGHER_IS_TIGHTER else 0
    if not sign or before is None or now is None or not same(old[1], new[1]):
        return "sla_changed"
    if before[0] != now[0]:
        return "sla_changed"
    difference = ((now[1] > before[1]) - (now[1] < before[1])) * sign
    if difference == 0:
        return "text_changed"
    return "sla_tightened" if difference > 0 else "sla_loosened"


def _comparable(given: tuple[Data, ...]) -> tuple[str, Decimal] | None:
    """The value with its unit: of time in seconds, so that a day and 24 hours are the same; of a share none, as in `99.9%`."""
    value, _, unit = given
    written = str(unit or "").lower()
    if written in _PERCENT:
        written = ""
    found = number(str(value).removesuffix("%"))
    if found is None:
        at = moment(str(value)) or moment(f"2000-01-01T{value}")  # a time of day: on a common day
        return ("a moment", at) if at is not None else None
    return ("seconds", found * _SECONDS[written]) if written in _SECONDS else (written, found)


def _property(node: Node) -> str:
    name = str(data_at(node, "property") or "").lower()
    return _SHORT.get(name, name)


def _by_driver(node: Node) -> Data:
    return repr([_property(node), data_at(node, "element"), data_at(node, "driver")])


def _by_element(node: Node) -> Data:
    return repr([_property(node), data_at(node, "element")])


def _words(node: Node) -> str:
    element = data_at(node, "element")
    return f"service level {shown(data_at(node, 'property'))}{f' of {shown(element)}' if element else ''}"


def _value(node: Node) -> str:
    return " ".join(
        shown(data_at(node, key)) for key in ("value", "valueExt", "unit") if data_at(node, key) is not None
    )
