"""One entry of a plan: its key, its action, its changes, checked against each other."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from lakewright.deploy.plan.model import Action, Change, Engine, Entry
from lakewright.deploy.plan.shape import Shape

PARTS = ("permissions", "grants")
_KEY = re.compile(
    r"resources\.(?P<kind>[a-z][a-z0-9_]*)\.(?P<name>.+?)(?:\.(?P<part>permissions|grants))?", re.S
)
_FIELDS = {
    Engine.DIRECT: ("id", "depends_on", "action", "gone", "new_state", "remote_state", "changes"),
    Engine.TERRAFORM: ("action",),
}
_ACTIONS = {str(action): action for action in Action}
_CHANGE = ("action", "reason", "old", "new", "remote")
_IN_PLACE = (Action.SKIP, Action.RESIZE, Action.UPDATE, Action.UPDATE_ID)


def read_entry(key: str, value: object, shape: Shape, *, engine: Engine) -> Entry:
    """Return one entry.

    Args:
        key: Its key.
        value: Its JSON.
        shape: What checks the values.
        engine: The engine that made the plan; that of terraform has actions only.

    Raises:
        PlanError: The key, the action or a field is not known, or the action is milder than that of a field.
    """
    path = f'plan["{key}"]'
    data = shape.mapping(value, path)
    kind, name, part = _parts(key, shape, path, engine)
    shape.only(data, _FIELDS[engine], path)
    action = _action(data, path, shape)
    gone = shape.truth(data.get("gone", False), f"{path}.gone")
    if gone and action is not Action.DELETE:
        raise shape.refusal(f"`gone` with the action `{action}` is not known", f"{path}.gone")
    changes = _changes(data.get("changes"), f"{path}.changes", shape)
    _require_no_milder(action, changes, path, shape)
    remote = data.get("remote_state")
    return Entry(
        key,
        kind,
        name,
        part,
        action,
        gone,
        _depends_on(data.get("depends_on"), f"{path}.depends_on", shape),
        changes,
        _new_state(data.get("new_state"), f"{path}.new_state", shape),
        {} if remote is None else shape.mapping(remote, f"{path}.remote_state"),
        shape.text(data.get("id", ""), f"{path}.id"),
    )


def _parts(key: str, shape: Shape, path: str, engine: Engine) -> tuple[str, str, str]:
    if found := _KEY.fullmatch(key):
        return found["kind"], found["name"], found["part"] or ""
    if not key and engine is Engine.TERRAFORM:  # permissions or grants whose resource the CLI does not name
        return "", "", "permissions"
    raise shape.refusal(f"`{key}` is no key of a resource", path)


def _action(data: Mapping[str, Any], path: str, shape: Shape) -> Action:
    where = f"{path}.action"
    if "action" not in data:
        raise shape.refusal("an entry has no `action`", where)
    text = shape.text(data["action"], where)
    if text not in _ACTIONS:
        raise shape.refusal(f"the action `{text}` is not known", where, detail=f"known: {', '.join(Action)}")
    return _ACTIONS[text]


def _changes(value: object, path: str, shape: Shape) -> tuple[Change, ...]:
    if value is None:
        return ()
    found = []
    for field, change in shape.mapping(value, path).items():
        where = f'{path}["{field}"]'
        data = shape.mapping(change, where)
        shape.only(data, _CHANGE, where)
        reason = shape.text(data.get("reason", ""), f"{where}.reason")
        action = _action(data, where, shape)
        found.append(Change(field, action, reason, data.get("old"), data.get("new"), data.get("remote")))
    return tuple(found)


def _require_no_milder(action: Action, changes: tuple[Change, ...], path: str, shape: Shape) -> None:
    """Refuse an entry that is left in place though one of its fields needs more."""
    worst = max(changes, key=lambda change: change.action.severity, default=None)
    if worst is not None and action in _IN_PLACE and worst.action.severity > action.severity:
        raise shape.refusal(
            f"the action is `{action}`, and that of its field `{worst.path}` is `{worst.action}`",
            f"{path}.action",
            fix="make the plan again; a plan is not to be edited",
        )


def _depends_on(value: object, path: str, shape: Shape) -> tuple[str, ...]:
    if value is None:
        return ()
    found: dict[str, None] = {}
    for at, each in enumerate(shape.items(value, path)):
        data = shape.mapping(each, f"{path}[{at}]")
        shape.only(data, ("node", "label"), f"{path}[{at}]")
        found[shape.text(data.get("node"), f"{path}[{at}].node")] = None
    return tuple(found)


def _new_state(value: object, path: str, shape: Shape) -> Mapping[str, Any]:
    if value is None:
        return {}
    data = shape.mapping(value, path)
    shape.only(data, ("value", "vars"), path)
    inner = data.get("value")
    return {} if inner is None else shape.mapping(inner, f"{path}.value")
