"""When a difference is none: conditions on the values of one change, and on the states around it.

Each is as narrow as its reason: a value that somebody has changed, in the bundle or in the workspace, does not fulfil it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from lakewright.deploy.plan.field_paths import look_up, parent_of
from lakewright.deploy.plan.model import Change, Entry

Condition = Callable[[Change, Entry], bool]
_STAMP = re.compile(r"\+\d{16,20}(?=[-.]|$)")
_MANAGED = re.compile(r"unity\.catalog\.managed\..+\.defaults\..+")
_EMPTY: tuple[object, ...] = (None, False, "", 0)
_EVERYTHING = "ALL_PRIVILEGES"


def set_by_workspace(change: Change, _: Entry) -> bool:
    """Neither the bundle nor the last deployment sets the field, and the workspace has a value."""
    return change.old is None and change.new is None and change.remote is not None


def one_route(change: Change, entry: Entry) -> bool:
    """All requests go to the one served entity, and the bundle does not say how they are shared out."""
    routes = change.remote.get("routes") if isinstance(change.remote, dict) else None
    shares = [route.get("traffic_percentage") for route in routes or [] if isinstance(route, dict)]
    return shares == [100] and set_by_workspace(change, entry)


def not_returned(change: Change, _: Entry) -> bool:
    """The bundle sets what it set before, and the workspace returns nothing."""
    return change.new is not None and change.old == change.new and change.remote in _EMPTY


def set_by_policy(change: Change, entry: Entry) -> bool:
    """Nobody but the workspace sets a field of a cluster that has a policy."""
    place = change.path.partition(".new_cluster")[0] + ".new_cluster"
    cluster = entry.new_state if entry.kind == "clusters" else look_up(entry.new_state, place)
    has_policy = isinstance(cluster, Mapping) and bool(cluster.get("policy_id"))
    return has_policy and set_by_workspace(change, entry)


def same_items(change: Change, entry: Entry) -> bool:
    """The list of the bundle and that of the workspace hold the same items, in another order; the bundle's is as it was."""
    path = change.path
    while path and not isinstance(look_up(entry.new_state, path), list):
        path = parent_of(path)
    new, remote = look_up(entry.new_state, path), look_up(entry.remote_state, path)
    is_same = isinstance(new, list) and isinstance(remote, list) and _sorted(new) == _sorted(remote)
    return is_same and change.old == change.new


def only_stamps(change: Change, _: Entry) -> bool:
    """Wheels whose names differ in nothing but the time stamp of their build."""
    texts = [_text(value) for value in (change.old, change.new, change.remote)]
    bare = {_STAMP.sub("", text) for text in texts}
    return len(bare) == 1 and all(_STAMP.search(text) for text in texts)


def managed_defaults(change: Change, entry: Entry) -> bool:
    """Properties that Unity Catalog keeps itself, and none beside them."""
    if not set_by_workspace(change, entry):
        return False
    if change.path == "properties":
        names = list(change.remote) if isinstance(change.remote, dict) else []
        return bool(names) and all(_MANAGED.fullmatch(name) for name in names)
    return _MANAGED.fullmatch(change.path.removeprefix("properties['").removesuffix("']")) is not None


def workspace_prefix(change: Change, _: Entry) -> bool:
    """A path that the workspace returns without `/Workspace` in front."""
    values = (change.old, change.new, change.remote)
    if not all(isinstance(value, str) for value in values) or change.old != change.new:
        return False
    return bool(change.remote.startswith("/") and change.new == f"/Workspace{change.remote}")


def everything_granted(change: Change, entry: Entry) -> bool:
    """A principal with ALL PRIVILEGES in the bundle and in the workspace, which lists more beside it."""
    path = change.path.partition("]")[0] + "]"
    new, remote = look_up(entry.new_state, path), look_up(entry.remote_state, path)
    has_all = all(
        isinstance(each, dict) and _EVERYTHING in (each.get("privileges") or []) for each in (new, remote)
    )
    is_alone = has_all and bool(new["privileges"] == [_EVERYTHING])
    return is_alone and bool(change.old == change.new)


def differs_by_slash(change: Change, _: Entry) -> bool:
    """An address with a slash at its end, and without it."""
    return _equal_after(change, lambda text: text.rstrip("/"))


def differs_by_prefix(change: Change, _: Entry) -> bool:
    """A path with `/Workspace` in front, and without it."""
    return _equal_after(change, lambda text: text.removeprefix("/Workspace"))


def differs_by_case(change: Change, _: Entry) -> bool:
    """A name in upper and in lower case."""
    return _equal_after(change, str.lower)


def _equal_after(change: Change, normal: Callable[[str], str]) -> bool:
    texts = [value for value in (change.old, change.new, change.remote) if value is not None]
    if len(texts) < 2 or not all(isinstance(text, str) for text in texts) or change.new is None:
        return False
    return len({normal(text) for text in texts}) == 1 and len(set(texts)) > 1


def _sorted(items: list[Any]) -> list[str]:
    return sorted(json.dumps(item, sort_keys=True) for item in items)


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True)
