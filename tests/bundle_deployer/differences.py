"""Compares what was deployed, what is wanted and what the workspace has, field by field, and says what each difference leads to.

Paths and their depth are those of the CLI: `tasks[task_key='main'].timeout_seconds`, `tags['team']`, `[principal='readers'].privileges[0]`;
where only one side has a structure, the difference is that of the whole structure. Source: databricks/cli, libs/structs/structdiff.
"""

import fnmatch
import re
from collections.abc import Iterator
from typing import Any

from bundle_deployer.kinds import Kind

Json = dict[str, Any]
Step = str | int | tuple[str, str]
_KEYS: dict[str, tuple[str, ...]] = {
    "tasks": ("task_key",),
    "depends_on": ("task_key",),
    "parameters": ("name",),
    "job_clusters": ("job_cluster_key",),
    "environments": ("environment_key",),
    "": (
        "principal",
        "user_name",
        "group_name",
        "service_principal_name",
    ),  # grants and permissions stand at the root
}
"""By which field the elements of a list are compared; those of other lists are compared by their position."""
_MAPS = (
    "tags",
    "custom_tags",
    "spark_conf",
    "spark_env_vars",
    "properties",
    "configuration",
    "options",
    "named_parameters",
    "job_parameters",
)
_ORDER = ("skip", "update", "update_id", "create", "recreate")
_EMPTY: tuple[Any, ...] = (None, "", 0, False, {}, [])


def changes_of(kind: Kind, old: Json, new: Json, remote: Json | None) -> dict[str, Json]:
    """Return the differences by path: `{"action": …, "reason": …, "old": …, "new": …, "remote": …}`."""
    steps = dict.fromkeys(_differing(old, new))
    if remote is not None:
        steps |= dict.fromkeys(_differing(remote, new))
    found = {}
    for each in steps:
        values = (_at(old, each), _at(new, each), None if remote is None else _at(remote, each))
        action, reason = _judged(kind, path_of(each), *values)
        named = {k: v for k, v in zip(("old", "new", "remote"), values, strict=True) if v is not None}
        found[path_of(each)] = {"action": action, **({"reason": reason} if reason else {}), **named}
    return dict(sorted(found.items()))


def action_of(changes: dict[str, Json]) -> str:
    """Return the strongest action of all differences."""
    return max((each["action"] for each in changes.values()), key=_ORDER.index, default="skip")


def path_of(steps: tuple[Step, ...]) -> str:
    """Return the text of a path.

    Examples:
        >>> path_of(("tasks", ("task_key", "main"), "depends_on", 0)), path_of(("tags", "team"))
        ("tasks[task_key='main'].depends_on[0]", "tags['team']")
    """
    text = ""
    for number, step in enumerate(steps):
        if isinstance(step, tuple):
            text += f"[{step[0]}='{step[1]}']"
        elif isinstance(step, int):
            text += f"[{step}]"
        elif (number and steps[number - 1] in _MAPS) or "." in step:
            text += f"['{step}']"
        elif step:
            text += f".{step}" if text else step
    return text


def _differing(one: Any, other: Any, steps: tuple[Step, ...] = ()) -> Iterator[tuple[Step, ...]]:
    """Yield the steps to each difference."""
    if isinstance(one, dict) and isinstance(other, dict):
        for name in {**one, **other}:
            yield from _differing(one.get(name), other.get(name), (*steps, name))
    elif isinstance(one, list) and isinstance(other, list):
        yield from _differing_lists(one, other, steps)
    elif one != other or (one is None) != (other is None):
        yield steps


def _differing_lists(one: list[Any], other: list[Any], steps: tuple[Step, ...]) -> Iterator[tuple[Step, ...]]:
    keys = _KEYS.get(str(steps[-1]), ())
    if keys and all(isinstance(each, dict) for each in (*one, *other)):
        ours, theirs = _by_key(one, keys), _by_key(other, keys)
        for key in {**ours, **theirs}:
            yield from _differing(ours.get(key), theirs.get(key), (*steps, key))
    elif len(one) != len(other):
        yield steps
    else:
        for number, (each, opposite) in enumerate(zip(one, other, strict=True)):
            yield from _differing(each, opposite, (*steps, number))


def _by_key(listed: list[Json], keys: tuple[str, ...]) -> dict[tuple[str, str], Json]:
    found = {}
    for each in listed:
        name = next((key for key in keys if each.get(key)), keys[0])
        found[name, str(each.get(name, ""))] = each
    return found


def _at(value: Any, steps: tuple[Step, ...]) -> Any:
    """Return what is at a place; None if there is nothing."""
    for step in steps:
        if isinstance(step, tuple):
            value = _by_key(value, (step[0],)).get(step) if isinstance(value, list) else None
        elif isinstance(step, int):
            value = value[step] if isinstance(value, list) and step < len(value) else None
        else:
            value = value.get(step) if isinstance(value, dict) else None
    return value


def _judged(kind: Kind, path: str, old: Any, new: Any, remote: Any) -> tuple[str, str]:
    """Return the action for one difference and its reason; the order of the questions is the CLI's."""
    if remote == new and not _fits(path, kind.not_compared):
        return "skip", "remote_already_set"
    if all(any(value == each for each in _EMPTY) for value in (old, new, remote)):
        return "skip", "empty"
    return _judged_remote(kind, path, new, remote) if old == new else _judged_local(kind, path)


def _judged_remote(kind: Kind, path: str, new: Any, remote: Any) -> tuple[str, str]:
    """Return the action where only the workspace differs."""
    if _fits(path, kind.not_compared):
        return "skip", "input_only"
    if _fits(path, (*kind.named_by, *kind.renamed_by)):
        return "skip", "id_field"  # it was found by this id: another spelling
    if new is None and _is_default(kind, path, remote):
        return "skip", "backend_default"
    return ("recreate", "immutable") if _fits(path, kind.recreate) else ("update", "")


def _is_default(kind: Kind, path: str, remote: Any) -> bool:
    """Whether the backend sets a value; of a map, whether it sets each of its entries."""
    if isinstance(remote, dict) and remote and not _fits(path, kind.defaults):
        return all(_is_default(kind, f"{path}['{name}']", each) for name, each in remote.items())
    return _fits(path, kind.defaults)


def _judged_local(kind: Kind, path: str) -> tuple[str, str]:
    """Return the action where the bundle changed."""
    if _fits(path, kind.named_by):
        return "recreate", "id_field"
    if _fits(path, kind.renamed_by):
        return "update_id", "id_field"
    return ("recreate", "immutable") if _fits(path, kind.recreate) else ("update", "")


def _fits(path: str, patterns: tuple[str, ...]) -> bool:
    """Whether a path, or one that holds it, fits a pattern; `[*]` stands for any element of a list."""
    plain = re.sub(r"\[(\d+|\w+='[^']*')\]", "[*]", path)
    return any(
        plain == pattern
        or plain.startswith((f"{pattern}.", f"{pattern}["))
        or ("['" in pattern and fnmatch.fnmatchcase(plain.replace("[", "("), pattern.replace("[", "(")))
        for pattern in patterns
    )


def open_references(value: Any, steps: tuple[Step, ...] = ()) -> Iterator[tuple[str, str]]:
    """Yield path and text of each value that still holds a reference; elements of lists by their position."""
    if isinstance(value, dict):
        for name, each in value.items():
            yield from open_references(each, (*steps, name))
    elif isinstance(value, list):
        for number, each in enumerate(value):
            yield from open_references(each, (*steps, number))
    elif isinstance(value, str) and "${resources." in value:
        yield path_of(steps), value
