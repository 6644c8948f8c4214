"""Paths of fields in a plan, such as `tasks[task_key='main'].libraries[0].whl`: matched with patterns, looked up in a state."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

_STEP = re.compile(
    r"\.?(?P<name>[^.\[\]]+)"
    r"|\[(?P<index>\d+)\]"
    r"|\['(?P<key>(?:[^']|'')*)'\]"
    r"|\[(?P<field>[^=\]']+)='(?P<value>(?:[^']|'')*)'\]"
)
_ANY = r"\[(?:'(?:[^']|'')*'|[^\]'])*\]"
Step = str | int | tuple[str, str]


def matches(path: str, pattern: str) -> bool:
    """Whether a path is that of a pattern; `[*]` stands for any one element of a list or a map.

    >>> matches("tasks[task_key='a.b'].run_if", "tasks[*].run_if"), matches("tasks", "tasks[*].run_if")
    (True, False)
    """
    return _compiled(pattern).fullmatch(path) is not None


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(re.escape(pattern).replace(re.escape("[*]"), _ANY), re.S)


def steps_of(path: str) -> Iterator[Step]:
    """Yield the steps of a path: a name, an index, or the field and the value that choose an element of a list.

    >>> list(steps_of("tasks[task_key='main'].libraries[0]"))
    ['tasks', ('task_key', 'main'), 'libraries', 0]
    """
    at = 0
    while at < len(path):
        found = _STEP.match(path, at)
        if found is None:
            return
        at = found.end()
        if found["name"] is not None:
            yield found["name"]
        elif found["index"] is not None:
            yield int(found["index"])
        elif found["key"] is not None:
            yield found["key"].replace("''", "'")
        else:
            yield found["field"], found["value"].replace("''", "'")


def look_up(state: Mapping[str, Any], path: str) -> Any:  # noqa: ANN401 - JSON
    """Return what a state holds at a path; None if it holds nothing there."""
    found: Any = state
    for step in steps_of(path):
        if isinstance(step, tuple):
            items = found.get("__embed__") if isinstance(found, dict) else found
            rows = items if isinstance(items, list) else []
            named = [item for item in rows if isinstance(item, dict) and item.get(step[0]) == step[1]]
            found = named[0] if len(named) == 1 else None
        elif isinstance(step, int):
            found = found[step] if isinstance(found, list) and step < len(found) else None
        else:
            found = found.get(step) if isinstance(found, dict) else None
        if found is None:
            return None
    return found


def parent_of(path: str) -> str:
    """Return a path without its last step.

    >>> parent_of("webhook_notifications.on_failure[0].id"), parent_of("a[0]"), parent_of("a")
    ('webhook_notifications.on_failure[0]', 'a', '')
    """
    ends = [0, *(found.end() for found in _STEP.finditer(path))]
    return path[: ends[-2]] if len(ends) > 1 else ""
