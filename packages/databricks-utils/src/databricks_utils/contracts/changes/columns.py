"""Compare the columns of a table, and the fields, elements, keys and values inside of them at any depth."""

from collections.abc import Iterator, Mapping, Sequence

from databricks_utils.config.tree import Node
from databricks_utils.contracts.changes.attributes import (
    TAGS,
    TEXT,
    TEXTS,
    Kinds,
    always,
    compare_custom,
    compare_keys,
    data_at,
    shown,
)
from databricks_utils.contracts.changes.change import Change, Spot
from databricks_utils.contracts.changes.pairing import Pairing, paired
from databricks_utils.contracts.changes.promises.checks import compare_checks, compare_relationships
from databricks_utils.contracts.changes.promises.privacy import compare_classification
from databricks_utils.contracts.changes.promises.types import compare_types
from databricks_utils.contracts.changes.promises.values import compare_options, compare_values
from databricks_utils.contracts.parts import Part

_KEYS: Mapping[str, Kinds] = {
    **TEXTS,
    **TAGS,
    "semanticType": TEXT,
    "examples": TEXT,
    "criticalDataElement": TEXT,
    "transformSourceObjects": TEXT,
    "transformDescription": TEXT,
    "transformLogic": Kinds("text_changed", "text_changed", "transformation_changed"),
    "encryptedName": Kinds("text_changed", "encrypted_name_changed", "encrypted_name_changed"),
    "deprecated": Kinds("deprecated", "no_longer_deprecated", "deprecated"),
    "unique": Kinds("unique_added", "unique_removed", "unique_added"),
    "partitioned": always("partitioning_changed"),
    "partitionKeyPosition": always("partitioning_changed"),
}
_KEY_OF_A_FIELD = {"primaryKey": Kinds("key_added", "key_removed", "key_added")}


def compare_columns(spot: Spot, old: Sequence[Part], new: Sequence[Part]) -> Iterator[Change]:
    """Yield the changes of named parts: the columns of a table, or the fields of a struct.

    Args:
        spot: The place of the table or struct.
        old: The parts before.
        new: The parts now.
    """
    pairing = paired(old, new)
    for pair in pairing.pairs:
        place = spot.inside(pair.new.words, pair.old.node, pair.new.node)
        if pair.kind:
            summary = f"`{pair.old.name}` → `{pair.new.name}`"
            key = "physicalName" if data_at(pair.new.node, "physicalName") else "name"
            yield place.at(key).change(pair.kind, f"renamed: {summary}", pair.old.name, pair.new.name)
        yield from compare_part(place, pair.old, pair.new)
    for pair in pairing.guesses:
        place = spot.inside(pair.new.words, pair.old.node, pair.new.node)
        summary = f"removed `{pair.old.name}`, added `{pair.new.name}` (perhaps renamed: {pair.kind})"
        yield place.change("column_perhaps_renamed", summary, pair.old.name, pair.new.name)
    for part in pairing.removed:
        place = spot.inside(part.words, part.node, spot.new)
        yield place.removed("column_removed", f"removed: {_described(part)}", _described(part))
    for part in pairing.added:
        kind = "column_added" if part.nullable else "required_column_added"
        place = spot.inside(part.words, spot.old, part.node)
        yield place.change(kind, f"added: {_described(part)}", None, _described(part))
    yield from _order(spot, pairing, old, new)


def compare_part(spot: Spot, old: Part, new: Part) -> Iterator[Change]:
    """Yield the changes of one part and of those inside of it.

    Args:
        spot: The place of the part.
        old: The part before.
        new: The part now.
    """
    yield from compare_types(spot, old, new)
    if old.nullable != new.nullable:
        kind, words = (
            ("required_removed", "no longer required") if new.nullable else ("required_added", "now required")
        )
        yield spot.at("required").change(kind, words, not old.nullable, not new.nullable)
    if old.given is not None or new.given is not None:
        place = spot.inside("", _keys_of(old), _keys_of(new))
        yield from _given(place, is_column=new.words.startswith("column "))
    if old.type.name == new.type.name == "struct":
        yield from compare_columns(spot, old.inside(), new.inside())
    elif old.type.name == new.type.name and old.type.inner:
        for one, other in zip(old.inside(), new.inside(), strict=True):
            yield from compare_part(spot.inside(other.words, one.node, other.node), one, other)


def _given(spot: Spot, *, is_column: bool) -> Iterator[Change]:
    yield from compare_options(spot)
    yield from compare_values(spot)
    yield from compare_keys(spot, _KEYS if is_column else {**_KEYS, **_KEY_OF_A_FIELD})
    yield from _logical_name(spot)
    yield from compare_classification(spot)
    yield from compare_custom(spot)
    yield from compare_relationships(spot)
    yield from compare_checks(spot)


def _logical_name(spot: Spot) -> Iterator[Change]:
    """A column that keeps its physical name may get another name for people."""
    old, new = data_at(spot.old, "name"), data_at(spot.new, "name")
    physical = (data_at(spot.old, "physicalName"), data_at(spot.new, "physicalName"))
    if old != new and any(physical) and (physical[0] or old) == (physical[1] or new):
        yield spot.at("name").change("text_changed", f"`name`: {shown(old)} → {shown(new)}", old, new)


def _keys_of(part: Part) -> Node:
    """The part's property; without keys for a field of a physical type, which has none of its own."""
    return part.node if part.given is not None else Node({}, part.node.origin)


def _order(spot: Spot, pairing: Pairing, old: Sequence[Part], new: Sequence[Part]) -> Iterator[Change]:
    """Whether the parts that stayed have another order; where new ones stand does not matter."""
    partner = {id(pair.new): pair.old for pair in (*pairing.pairs, *pairing.guesses)}
    stayed = [partner[id(part)] for part in new if id(part) in partner]
    before = [part for part in old if any(part is other for other in stayed)]
    if [part.name for part in stayed] != [part.name for part in before]:
        names = {id(pair.old): pair.new.name for pair in (*pairing.pairs, *pairing.guesses)}
        now, then = ([names[id(part)] for part in parts] for parts in (stayed, before))
        yield spot.at("properties").change(
            "columns_reordered", f"order: {shown(then)} → {shown(now)}", then, now
        )


def _described(part: Part) -> str:
    return f"{part.type.sql()}{'' if part.nullable else ', required'}"
