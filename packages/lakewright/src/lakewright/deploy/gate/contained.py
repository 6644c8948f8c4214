"""What goes with a deleted schema, catalog or database though the plan leaves it in place.

The CLI deletes schemas and catalogs with force, and plans each resource alone: a volume in a schema that is recreated
has the action `skip`.
Source: https://github.com/databricks/cli/pull/5587 (a review of the missing cascade)
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from lakewright.deploy.gate.kinds import Keeps, kind_of
from lakewright.deploy.gate.names import Declared, name_of, references_of, schema_of, today_of
from lakewright.deploy.plan.model import Action, Entry

_STAYS = {Action.SKIP, Action.RESIZE, Action.UPDATE, Action.UPDATE_ID}
_HOLDERS = {"database_instances": "database_instance_name", "vector_search_endpoints": "endpoint_name"}
_NAMESPACES = ("catalogs", "schemas", "database_catalogs", "postgres_catalogs")
_LAKEBASE = "postgres_"


def lost_with(entries: Iterable[Entry], declared: Declared) -> dict[str, str]:
    """Return the keys of the entries that go with another one, each with the key of that one.

    Args:
        entries: All entries of a plan.
        declared: The bundle's resources, for a plan without states.
    """
    found = [each for each in entries if not each.part]
    holders = [each for each in found if each.action.destroys and not each.gone and _may_hold(each.kind)]
    inside = [each for each in found if _may_be_lost(each)] if holders else []
    lost: dict[str, str] = {}
    while holders:  # a catalog holds schemas, which hold volumes
        new = [(entry, _holder_of(entry, holders, declared)) for entry in inside if entry.key not in lost]
        lost |= {entry.key: holder for entry, holder in new if holder}
        holders = [entry for entry, holder in new if holder and _may_hold(entry.kind)]
    return lost


def of_unknown_name(entries: Iterable[Entry], declared: Declared, *, lost: Collection[str]) -> list[str]:
    """Return the keys of what is destroyed and may hold something that stays, but has no name in the plan.

    The CLI plans to delete what it could not read, and then has no state of it.

    Args:
        entries: All entries of a plan.
        declared: The bundle's resources.
        lost: The keys of what goes with something whose name is known.
    """
    found = [each for each in entries if not each.part]
    unnamed = [
        each for each in found if each.action.destroys and not each.gone and not _is_named(each, declared)
    ]
    schemas = {name_of(each, declared).lower() for each in found if each.kind == "schemas"} - {""}
    inside = [each for each in found if _may_be_lost(each) and each.key not in lost] if unnamed else []
    elsewhere = {each.key for each in inside if schema_of(each, declared) in schemas}
    return [
        holder.key
        for holder in unnamed
        if any(
            holder.kind in kind_of(each.kind).within
            for each in inside
            if not (holder.kind == "schemas" and each.key in elsewhere)
        )
    ]


def _is_named(entry: Entry, declared: Declared) -> bool:
    if entry.kind.startswith(_LAKEBASE) and entry.kind not in _NAMESPACES:
        return bool(today_of(entry, declared).get("name"))
    return bool(name_of(entry, declared))


def _may_be_lost(entry: Entry) -> bool:
    kind = kind_of(entry.kind)
    return entry.action in _STAYS and kind.keeps is Keeps.DATA and bool(kind.within)


def _holder_of(entry: Entry, holders: Iterable[Entry], declared: Declared) -> str:
    within = kind_of(entry.kind).within
    fitting = (each for each in holders if each.kind in within and _is_inside(entry, each, declared))
    return next((each.key for each in fitting), "")


def _may_hold(kind: str) -> bool:
    return kind in {*_NAMESPACES, *_HOLDERS} or kind.startswith(_LAKEBASE)


def _is_inside(entry: Entry, holder: Entry, declared: Declared) -> bool:
    refers = holder.key in references_of(entry, declared)
    name = name_of(holder, declared)
    if holder.kind in _NAMESPACES:
        schema = schema_of(entry, declared)
        if not schema or not name:
            return refers
        is_in = schema == name.lower() or schema.startswith(f"{name.lower()}.")
        return is_in or (refers and entry.kind == "pipelines")  # its code may publish to several schemas
    if field := _HOLDERS.get(holder.kind):
        return refers or (bool(name) and today_of(entry, declared).get(field) == name)
    path, above = (today_of(each, declared).get("name") for each in (entry, holder))
    return refers or (isinstance(path, str) and isinstance(above, str) and path.startswith(f"{above}/"))
