"""Compares what was deployed, what is wanted and what the workspace has, field by field, and says what each difference leads to."""

import fnmatch
from typing import Any

from bundle_deployer.kinds import Kind

Json = dict[str, Any]
_KEYS = {
    "tasks": "task_key",
    "depends_on": "task_key",
    "parameters": "name",
    "job_clusters": "job_cluster_key",
    "environments": "environment_key",
    "": "principal",  # grants stand at the root
}
"""By which field the elements of a list are compared; those of other lists are compared by their position."""
_ORDER = ("skip", "update", "update_id", "create", "recreate")
_EMPTY = (None, "", 0, False, {}, [])


def flat(value: Any, path: str = "") -> Json:
    """Return the leaves of a value by their paths; the elements of a list by their key, where all have one."""
    if isinstance(value, dict) and value:
        found: Json = {}
        for name, each in value.items():
            step = f"{path}['{name}']" if "." in name else f"{path}.{name}" if path else name
            found |= flat(each, step)
        return found
    if isinstance(value, list) and value and all(isinstance(each, dict) for each in value):
        found = {}
        key = _KEYS.get(path.rpartition(".")[2])
        key = key if key and all(each.get(key) for each in value) else None
        for number, each in enumerate(value):
            step = f"[{key}='{each[key]}']" if key else f"[{number}]"
            found |= flat(each, path + step)
        return found
    return {path: value}


def changes_of(kind: Kind, old: Json, new: Json, remote: Json | None) -> dict[str, Json]:
    """Return the differences by path: `{"action": …, "reason": …, "old": …, "new": …, "remote": …}`."""
    before, wanted, there = flat(old), flat(new), flat(remote or {})
    found = {}
    for path in sorted(before.keys() | wanted.keys() | there.keys()):
        values = (before.get(path), wanted.get(path), there.get(path))
        if path and (values[0] != values[1] or (remote is not None and values[2] != values[1])):
            action, reason = _judged(kind, path, *values)
            named = {k: v for k, v in zip(("old", "new", "remote"), values, strict=True) if v is not None}
            found[path] = {"action": action, **({"reason": reason} if reason else {}), **named}
    return found


def action_of(changes: dict[str, Json]) -> str:
    """Return the strongest action of all differences."""
    return max((each["action"] for each in changes.values()), key=_ORDER.index, default="skip")


def _judged(kind: Kind, path: str, old: Any, new: Any, remote: Any) -> tuple[str, str]:
    is_local = old != new
    if remote == new and not _fits(path, kind.not_compared):
        return "skip", "remote_already_set"
    if all(any(value is each or value == each for each in _EMPTY) for value in (old, new, remote)):
        return "skip", "empty"
    if not is_local and _fits(path, kind.not_compared):
        return "skip", "input_only"
    for fields, action in ((kind.named_by, "recreate"), (kind.renamed_by, "update_id")):
        if _fits(path, fields):
            return (action, "id_field") if is_local else ("skip", "id_field")
    if old is None and new is None and _fits(path, kind.defaults):
        return "skip", "backend_default"
    if _fits(path, kind.recreate):
        return "recreate", "immutable"
    return "update", ""


def _fits(path: str, patterns: tuple[str, ...]) -> bool:
    """Whether a path, or one that holds it, fits a pattern; `[*]` stands for any element."""
    for pattern in patterns:
        plain = pattern.replace("[*]", "\0").replace("[", "[[]").replace("\0", "[[]*]")
        if any(
            fnmatch.fnmatchcase(path, each)
            for each in (plain, f"{plain}.*", f"{plain}[[]*", f"{plain}*" if "['" in pattern else plain)
        ):
            return True
    return False
