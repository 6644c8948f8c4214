"""Why the CLI acts on an entry, field by field, and which of its differences are left out."""

from __future__ import annotations

from lakewright.bundle import Bundle
from lakewright.bundle.model.diagnostic import Location
from lakewright.deploy.gate.differences.perpetual import hint_of, perpetual_of
from lakewright.deploy.gate.verdict import Cause, Ignored
from lakewright.deploy.plan.model import Action, Change, Entry
from lakewright.deploy.plan.shown_values import shown_value


def ignored_of(entry: Entry) -> tuple[Ignored, ...]:
    """Return the differences that are left out."""
    found = ((change, perpetual_of(change, entry)) for change in entry.differences)
    return tuple(
        Ignored(change.path, rule.name, rule.because, rule.source, rule.fixed_in)
        for change, rule in found
        if rule
    )


def causes_of(entry: Entry, bundle: Bundle | None) -> tuple[Cause, ...]:
    """Return the fields that make the CLI act, those that need most first.

    Args:
        entry: The entry.
        bundle: The bundle that the plan was made from, for the places of the fields.
    """
    real = [change for change in entry.differences if perpetual_of(change, entry) is None]
    if entry.action is Action.CREATE:  # it was deleted in the workspace; what else differs does not matter
        real = []
    real.sort(key=lambda change: (-change.action.severity, change.path))
    return tuple(_cause(change, entry, bundle) for change in real)


def place_of(key: str, bundle: Bundle | None) -> Location | None:
    """Return where the bundle declares a resource, or a field of it; None if it does not declare it."""
    if bundle is None or not is_declared(key, bundle):
        return None
    return bundle.locate(key)


def is_declared(key: str, bundle: Bundle) -> bool:
    """Whether the bundle has the resource of a key."""
    kind, name = key.split(".")[1:3]
    section = (bundle.resolved.get("resources") or {}).get(kind)
    return isinstance(section, dict) and name in section


def _cause(change: Change, entry: Entry, bundle: Bundle | None) -> Cause:
    before = change.remote if change.old is None else change.old
    hint = hint_of(change, entry) if entry.action.destroys else None
    field = f"{entry.key}{'' if change.path.startswith('[') else '.'}{change.path}"
    return Cause(
        change.path,
        change.action,
        change.reason,
        shown_value(change.path, before),
        shown_value(change.path, change.new),
        "removed" if change.new is None else "set" if before is None else "changed",
        place_of(field, bundle) if entry.key else None,
        f"{hint.text} ({hint.source})" if hint else "",
    )
