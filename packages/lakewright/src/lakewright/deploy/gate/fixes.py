"""What to do about an entry that is refused."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from lakewright.deploy.gate.names import Declared, name_of, new_name_of
from lakewright.deploy.gate.verdict import Cause, Verdict
from lakewright.deploy.plan.made_by import plan_command
from lakewright.deploy.plan.model import Action, Entry

_IDS_ARE_NAMES = {"schemas", "volumes", "registered_models", "catalogs", "external_locations"}


def renamed_keys(entries: Iterable[Entry], declared: Declared) -> dict[str, str]:
    """Return the keys that a plan deletes and creates again under another key, by the resource's full name.

    Args:
        entries: All entries of a plan.
        declared: The bundle's resources.
    """
    found = [each for each in entries if not each.part]
    created: dict[tuple[str, str], str] = {}
    for entry in found:
        if entry.action is Action.CREATE and (name := new_name_of(entry, declared)):
            created[entry.kind, name.lower()] = entry.key
    deleted = (
        (each.key, each.kind, name_of(each, declared).lower())
        for each in found
        if each.action is Action.DELETE
    )
    return {key: created[kind, name] for key, kind, name in deleted if name and (kind, name) in created}


def fixes_of(
    entry: Entry, *, verdict: Verdict, new_key: str, target: str, in_bundle: bool | None
) -> Iterator[str]:
    """Yield what to do, the best first.

    Args:
        entry: The refused entry.
        verdict: The verdict about it.
        new_key: The key under which the plan creates it again; empty if it does not.
        target: The target; empty if it is not known.
        in_bundle: Whether the bundle of this folder has the entry; None if that is not known.
    """
    of_target = f" -t {target}" if target else ""
    unbind = f"databricks bundle deployment unbind {entry.name}{of_target}"
    if verdict.lost_with:
        yield f"keep {verdict.lost_with}, see there"
    elif new_key:
        resource_id = verdict.name if entry.kind in _IDS_ARE_NAMES and verdict.name else "ID"
        bind = f"databricks bundle deployment bind {new_key.split('.')[2]} {resource_id}{of_target}"
        yield f"keep the key {entry.name}: the plan creates {verdict.name} again as {new_key}"
        yield f"or, before the key changes: {unbind}"
        yield f"and after it: {bind}"
    elif in_bundle is not None and in_bundle is (entry.action is Action.DELETE):
        what = f"the bundle of this folder {'has' if in_bundle else 'lacks'} {entry.key}"
        yield f"the plan is not of this bundle, target or commit: {what}"
        yield f"plan again, from the commit that is deployed: {plan_command(target)}"
    elif entry.action is Action.DELETE:
        yield f"put {entry.key} back into the bundle"
        yield f"or, to keep it without the bundle, before it is removed there: {unbind}"
    else:
        yield from _back(verdict.causes, target)
    yield f"or, if it may be lost, allow it: --allow-{verdict.needs} {entry.key}"


def _back(causes: tuple[Cause, ...], target: str) -> Iterator[str]:
    forcing = [cause for cause in causes if cause.action in {Action.RECREATE, Action.UPDATE_ID}]
    for cause in forcing:
        if cause.hint:
            yield f"{cause.path}: {cause.hint}"
        elif cause.old is not None:
            yield f"set {cause.path} back to {cause.old}"
        else:
            yield f"set {cause.path} back to what it was"
    if not forcing:
        yield f"find the change: {plan_command(target)} with `engine: direct` says which field it is"


def declared_in(resources: object) -> Mapping[str, Mapping[str, object]]:
    """Return the resources of a resolved bundle by their keys in a plan."""
    sections = resources.items() if isinstance(resources, dict) else ()
    return {
        f"resources.{kind}.{name}": resource
        for kind, section in sections
        if isinstance(section, dict)
        for name, resource in section.items()
        if isinstance(resource, dict)
    }
