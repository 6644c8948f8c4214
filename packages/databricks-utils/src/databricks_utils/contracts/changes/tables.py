"""Compare the tables of two states of a contract."""

from collections.abc import Callable, Iterator, Mapping, Sequence

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
from databricks_utils.contracts.changes.columns import compare_columns
from databricks_utils.contracts.changes.guidance import compare_guidance
from databricks_utils.contracts.changes.promises.checks import compare_checks, compare_relationships
from databricks_utils.contracts.changes.promises.privacy import compare_classification
from databricks_utils.contracts.parts import TableParts

_KEYS: Mapping[str, Kinds] = {
    **TEXTS,
    **TAGS,
    "logicalType": TEXT,
    "physicalType": Kinds("text_changed", "text_changed", "table_kind_changed"),
    "dataGranularityDescription": Kinds("text_changed", "grain_changed", "grain_changed"),
    "deprecated": Kinds("deprecated", "no_longer_deprecated", "deprecated"),
}
_COMPUTED: Mapping[str, Kinds] = {
    **TEXTS,
    **TAGS,
    **dict.fromkeys(
        ("examples", "semanticType", "logicalType", "physicalType", "transformDescription"), TEXT
    ),
    **dict.fromkeys(("transformLogic", "logicalTypeOptions", "enum"), always("measure_changed")),
    "deprecated": Kinds("deprecated", "no_longer_deprecated", "deprecated"),
}


def compare_tables(spot: Spot, old: Sequence[TableParts], new: Sequence[TableParts]) -> Iterator[Change]:
    """Yield the changes of the tables of a contract.

    Args:
        spot: The place of the contract.
        old: The tables before.
        new: The tables now.
    """
    gone, added = list(old), list(new)
    for kind, is_same in _SAME:
        for table in list(added):
            before = next((other for other in gone if is_same(other, table)), None)
            if before is None:
                continue
            gone = [other for other in gone if other is not before]
            added = [other for other in added if other is not table]
            place = spot.inside(f"table {table.table.name}", before.node, table.node)
            if kind:
                yield _renamed(place, kind, before, table)
            yield from _compare(place, before, table)
    for table in gone:
        place = spot.inside(f"table {table.table.name}", table.node, spot.new)
        yield place.removed("table_removed", "removed", table.table.name)
    for table in added:
        place = spot.inside(f"table {table.table.name}", spot.old, table.node)
        yield place.change("table_added", f"added, {len(table.columns)} columns", None, table.table.name)


def _renamed(spot: Spot, kind: str, old: TableParts, new: TableParts) -> Change:
    names = (old.table.name, new.table.name)
    key = "physicalName" if new.given.physicalName else "name"
    summary = (
        f"removed `{names[0]}`, added `{names[1]}` (perhaps renamed: same columns)"
        if kind == "table_perhaps_renamed"
        else f"renamed: `{names[0]}` → `{names[1]}`"
    )
    return spot.at(key).change(kind, summary, *names)


def _compare(spot: Spot, old: TableParts, new: TableParts) -> Iterator[Change]:
    yield from compare_keys(spot, _KEYS)
    before, now = old.given.name, new.given.name
    if before != now and old.table.name == new.table.name:
        yield spot.at("name").change("text_changed", f"`name`: {shown(before)} → {shown(now)}", before, now)
    yield from compare_custom(spot)
    yield from _key(spot, old.table.keys, new.table.keys)
    yield from compare_columns(spot, old.columns, new.columns)
    yield from _computed(spot, old, new)
    yield from compare_relationships(spot)
    yield from compare_checks(spot)
    yield from compare_guidance(spot)


def _key(spot: Spot, old: tuple[str, ...], new: tuple[str, ...]) -> Iterator[Change]:
    """The primary key; that its columns are required is a change of its own."""
    if old == new:
        return
    before, now = set(old), set(new)
    kind = (
        "key_added"
        if not old
        else "key_removed"
        if not new
        else "key_reordered"
        if before == now
        else "key_narrowed"
        if now < before
        else "key_extended"
        if now > before
        else "key_changed"
    )
    summary = f"primary key: {shown(list(old)) or 'none'} → {shown(list(new)) or 'none'}"
    yield spot.at("properties").change(kind, summary, list(old), list(new))


def _computed(spot: Spot, old: TableParts, new: TableParts) -> Iterator[Change]:
    before = {str(given.name): node for given, node in old.computed}
    now = {str(given.name): node for given, node in new.computed}
    for name, node in now.items():
        if name not in before:
            place = spot.inside(f"measure {name}", spot.old, node)
            yield place.change("measure_added", "added", None, data_at(node, "transformLogic"))
            continue
        place = spot.inside(f"measure {name}", before[name], node)
        yield from compare_keys(place, _COMPUTED)
        yield from compare_classification(place)
        yield from compare_custom(place)
        yield from compare_checks(place)
    for name, node in before.items():
        if name not in now:
            place = spot.inside(f"measure {name}", node, spot.new)
            yield place.removed("measure_removed", "removed", data_at(node, "transformLogic"))


def _same_columns(old: TableParts, new: TableParts) -> bool:
    shapes = [sorted((part.name, part.type.sql()) for part in table.columns) for table in (old, new)]
    return bool(shapes[0]) and shapes[0] == shapes[1]


_SAME: tuple[tuple[str, Callable[[TableParts, TableParts], bool]], ...] = (
    ("", lambda old, new: old.table.name == new.table.name),
    ("table_name_case_changed", lambda old, new: old.table.name.lower() == new.table.name.lower()),
    ("table_renamed", lambda old, new: bool(old.given.id) and old.given.id == new.given.id),
    ("table_renamed", lambda old, new: old.given.name == new.given.name),
    ("table_perhaps_renamed", _same_columns),
)
