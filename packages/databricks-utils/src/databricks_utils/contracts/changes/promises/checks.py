"""Changes of quality checks and relationships."""

from collections.abc import Iterator
from dataclasses import replace

from databricks_utils.config.tree import Data, Node
from databricks_utils.contracts.changes.attributes import (
    TAGS,
    TEXT,
    TEXTS,
    always,
    compare_custom,
    compare_keys,
    data_at,
    items,
    matched,
    name_of,
    same,
    shown,
)
from databricks_utils.contracts.changes.change import Change, Spot
from databricks_utils.contracts.changes.promises.severities import (
    custom_severity,
    kind_by_severity,
    severity_in_properties,
    severity_kind,
)
from databricks_utils.contracts.changes.promises.thresholds import OPERATORS, accepted_by, contains
from databricks_utils.contracts.reading.shape import data_of

_KEYS = {
    **TEXTS,
    **TAGS,
    "name": TEXT,
    "businessImpact": TEXT,
    "dimension": TEXT,
    "method": TEXT,
    "schedule": always("check_schedule_changed"),
    "scheduler": always("check_schedule_changed"),
    **dict.fromkeys(
        ("type", "arguments", "unit", "query", "engine", "implementation"), always("check_changed")
    ),
}
_DEFAULTS = {"type": "library", "unit": "rows"}


def compare_checks(spot: Spot) -> Iterator[Change]:
    """Yield the changes of the quality checks of a table or column.

    Args:
        spot: The place of the table or column.
    """
    old, new = items(spot.old, "quality"), items(spot.new, "quality")
    pairs, gone, added = matched(old, new, (name_of("id"), name_of("name"), _what, _what_kind))
    for one, other in pairs:
        for change in _compare(spot.inside(f"check {_name(other)}", one, other)):
            yield replace(change, kind=kind_by_severity(change.kind, _severity_of(other)))
    for node in gone:
        yield spot.inside(f"check {_name(node)}", node, spot.new).removed(
            "check_removed", f"removed: {_described(node)}", data_of(node)
        )
    for node in added:
        place = spot.inside(f"check {_name(node)}", spot.old, node)
        yield place.change(_kind_of_new(node), f"added: {_described(node)}", None, data_of(node))


def compare_relationships(spot: Spot) -> Iterator[Change]:
    """Yield the changes of the relationships of a table or column.

    Args:
        spot: The place of the table or column.
    """
    old, new = items(spot.old, "relationships"), items(spot.new, "relationships")
    pairs, gone, added = matched(old, new, (_ends, lambda node: spot.ends.get(id(node))))
    for one, other in pairs:
        place = Spot(spot.words, one, other)
        if _ends(one) != _ends(other):
            summary = f"relationship written as {_to(other)} instead of {_to(one)}"
            yield place.at("to").change("text_changed", summary, _to(one), _to(other))
        yield from compare_keys(place, {"id": TEXT})
        yield from compare_custom(place, custom_severity(unsaid="error"))
    for node in gone:
        yield Spot(spot.words, node, spot.new).removed(
            "relationship_removed", f"relationship removed: {_to(node)}", data_of(node)
        )
    for node in added:
        place = Spot(spot.words, spot.old, node)
        kind = kind_by_severity("relationship_added", severity_in_properties(node))
        yield place.change(kind, f"relationship added: {_to(node)}", None, data_of(node))


def _compare(spot: Spot) -> Iterator[Change]:
    for key, kinds in _KEYS.items():
        old, new = (data_at(node, key) or _DEFAULTS.get(key) for node in (spot.old, spot.new))
        if not same(old, new):
            yield from compare_keys(spot, {key: kinds})
    old, new = _metric(spot.old), _metric(spot.new)
    if not same(old, new):
        yield spot.at("metric").change("check_changed", f"metric: {shown(old)} → {shown(new)}", old, new)
    yield from compare_custom(spot)
    yield from _threshold(spot)
    yield from _severity(spot)


def _threshold(spot: Spot) -> Iterator[Change]:
    old_text, new_text = (_threshold_of(node) for node in (spot.old, spot.new))
    if old_text == new_text:
        return
    counts = all(_counts_rows(node) for node in (spot.old, spot.new))
    old, new = (accepted_by(node, counts=counts) for node in (spot.old, spot.new))
    kind = "check_changed"
    if old is not None and new is not None:
        if old == new:
            return
        kind = "check_tightened" if contains(old, new) else "check_loosened" if contains(new, old) else kind
    key = next((operator for operator in OPERATORS if spot.new.at((operator,)) is not None), "metric")
    summary = f"threshold: {old_text or 'none'} → {new_text or 'none'}"
    yield spot.at(key).change(kind, summary, old_text or None, new_text or None)


def _counts_rows(node: Node) -> bool:
    """Whether the result is a number of rows, as that of the standard's metrics without another unit."""
    kind, unit = (data_at(node, key) or _DEFAULTS[key] for key in ("type", "unit"))
    return kind == "library" and str(unit).lower() in {"row", "rows"}


def _severity(spot: Spot) -> Iterator[Change]:
    """Without a word for it, a check is as severe as an error."""
    old, new = (data_at(node, "severity") for node in (spot.old, spot.new))
    if not same(old, new):
        summary = f"severity: {shown(old or 'error')} → {shown(new or 'error')}"
        yield spot.at("severity").change(severity_kind(old, new, unsaid="error"), summary, old, new)


def _kind_of_new(node: Node) -> str:
    if data_at(node, "type") == "text":
        return "text_check_added"
    return kind_by_severity("check_added", _severity_of(node))


def _severity_of(node: Node) -> Data:
    return data_at(node, "severity") or "error"


def _metric(node: Node) -> Data:
    """What is measured; `rule` is the former name of the key."""
    return data_at(node, "metric") or data_at(node, "rule")


def _what(node: Node) -> Data:
    keys = ("type", "query", "engine", "implementation", "arguments")
    return repr((_metric(node), *(data_at(node, key) or _DEFAULTS.get(key) for key in keys)))


def _what_kind(node: Node) -> Data:
    """Two checks of the same kind, if nothing else tells them apart."""
    return repr((_metric(node), data_at(node, "type") or _DEFAULTS["type"]))


def _name(node: Node) -> str:
    return shown(
        data_at(node, "name")
        or data_at(node, "id")
        or _metric(node)
        or data_at(node, "type")
        or "without a name"
    )


def _described(node: Node) -> str:
    what = _metric(node) or data_at(node, "query") or data_at(node, "description") or data_at(node, "type")
    return f"{shown(what)} {_threshold_of(node)}".strip()


def _threshold_of(node: Node) -> str:
    found = ((key, node.at((key,))) for key in OPERATORS)
    return ", ".join(f"{key} {shown(data_of(child))}" for key, child in found if child is not None)


def _ends(node: Node) -> Data:
    return repr([data_at(node, "type") or "foreignKey", data_at(node, "from"), data_at(node, "to")])


def _to(node: Node) -> str:
    left = data_at(node, "from")
    return f"{shown(left)} → {shown(data_at(node, 'to'))}" if left else f"to {shown(data_at(node, 'to'))}"
