"""`{{…}}` references are resolved here, at the moment a task starts."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from lakewright.runner.choices import choose_from
from lakewright.runner.errors import RunnerError
from lakewright.runner.planning.scope import NO_INPUT, Scope, TaskFacts
from lakewright.runner.planning.text_form import text

_REFERENCE = re.compile(r"\{\{\s*([A-Za-z_`][^{}]*?)\s*\}\}")
_PART = re.compile(r"`([^`]+)`|([^.\[\]`]+)|\[(\d+)\]")


class ReferenceConfigError(RunnerError, KeyError):
    """Raised when a `{{…}}` reference names nothing."""

    __str__ = RunnerError.__str__


def resolve(value: Any, scope: Scope, *, location: str | None = None) -> Any:
    """A copy of `value` in which every reference is replaced by its value as text.

    Raises:
        ReferenceConfigError: A reference names nothing; the error has the names that exist.
    """
    if isinstance(value, str):
        return _REFERENCE.sub(lambda match: text(look_up(match.group(1), scope, location=location)), value)
    if isinstance(value, Mapping):
        return {key: resolve(item, scope, location=location) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [resolve(item, scope, location=location) for item in value]
    return value


def look_up(reference: str, scope: Scope, *, location: str | None = None) -> Any:
    """The value of one reference, without the braces.

    Raises:
        ReferenceConfigError: It names nothing.
    """
    parts = [a or b or c for a, b, c in _PART.findall(reference)]
    head, rest = (parts[0], parts[1:]) if parts else ("", [])
    lookup = _NAMESPACES.get(head)
    if lookup is not None:
        return lookup(rest, scope, _Place(reference, location))
    if not rest and head in _LEGACY:
        return _LEGACY[head](scope)
    raise _Place(reference, location).unknown(head, [*_NAMESPACES, *_LEGACY])


@dataclass(frozen=True)
class _Place:
    reference: str
    location: str | None

    def unknown(self, name: str, names: list[str]) -> ReferenceConfigError:
        return ReferenceConfigError(
            f"`{{{{{self.reference}}}}}` names nothing: `{name}` is unknown",
            location=self.location,
            fix=choose_from(name, names),
        )


def _pick(parts: list[str], table: Mapping[str, Any], place: _Place) -> Any:
    name = ".".join(parts)
    if name in table:
        return table[name]
    raise place.unknown(name, list(table))


def _job(parts: list[str], scope: Scope, place: _Place) -> Any:
    job = scope.job
    if parts[:1] == ["parameters"]:
        return _pick(parts[1:], job.parameters, place)
    if parts[:1] == ["start_time"] and len(parts) > 1:
        return _pick(parts[1:], time_parts(job.start_time), place)
    if parts[:2] == ["trigger", "time"]:
        return _pick(parts[2:], time_parts(job.start_time), place)
    facts = {
        "id": job.id,
        "name": job.name,
        "run_id": job.run_id,
        "repair_count": job.repair_count,
        "start_time": time_parts(job.start_time)["timestamp_ms"],
        "trigger.type": "one_time",
        "parameters": "",
    }
    return _pick(parts, facts, place)


def _task(parts: list[str], scope: Scope, place: _Place) -> Any:
    task = scope.task
    facts = {
        "name": task.name,
        "run_id": task.run_id,
        "execution_count": task.execution_count,
        "notebook_path": task.notebook_path,
    }
    return _pick(parts, facts, place)


def _tasks(parts: list[str], scope: Scope, place: _Place) -> Any:
    key, rest = (parts[0] if parts else ""), parts[1:]
    task = scope.tasks.get(key)
    if task is None:
        if key in scope.known_tasks:
            raise ReferenceConfigError(
                f"`{{{{{place.reference}}}}}` is read before task `{key}` has ended",
                location=place.location,
                fix=f"add `- task_key: {key}` to `depends_on`",
            )
        raise place.unknown(key, list(scope.known_tasks))
    if rest[:1] == ["values"]:
        return _task_value(key, rest[1:], task, place)
    facts = {
        "run_id": task.run_id,
        "result_state": task.result_state,
        "error_code": task.error_code or "",
        "execution_count": task.execution_count,
        "notebook_path": task.notebook_path,
        "values": "",
    }
    return _pick(rest, facts, place)


def _task_value(key: str, parts: list[str], task: TaskFacts, place: _Place) -> Any:
    name = parts[0] if parts else ""
    if name not in task.values:
        known = ", ".join(f"`{item}`" for item in task.values) or "none"
        raise ReferenceConfigError(
            f"`{{{{{place.reference}}}}}`: task `{key}` has not set the task value `{name}`",
            detail=f"values that it set: {known}",
            location=place.location,
            fix=f'in task `{key}`: dbutils.jobs.taskValues.set("{name}", …)',
        )
    return _inside(task.values[name], parts[1:], place)


def _input(parts: list[str], scope: Scope, place: _Place) -> Any:
    if scope.input is NO_INPUT:
        raise ReferenceConfigError(
            f"`{{{{{place.reference}}}}}` has a value only inside a for_each task",
            location=place.location,
            fix="move it into `for_each_task.task`, or use a parameter",
        )
    return _inside(scope.input, parts, place)


def _inside(value: Any, parts: list[str], place: _Place) -> Any:
    for part in parts:
        if isinstance(value, Mapping) and part in value:
            value = value[part]
        elif isinstance(value, list) and part.isdigit() and int(part) < len(value):
            value = value[int(part)]
        else:
            raise place.unknown(part, list(value) if isinstance(value, Mapping) else [])
    return value


def _workspace(parts: list[str], scope: Scope, place: _Place) -> Any:
    del scope
    return _pick(parts, {"id": "0", "url": "local"}, place)


def time_parts(moment: datetime) -> dict[str, str]:
    """The forms in which Databricks offers a time; all of them in UTC."""
    utc = moment.astimezone(UTC)
    return {
        "iso_date": f"{utc:%Y-%m-%d}",
        "iso_datetime": f"{utc:%Y-%m-%dT%H:%M:%S}",
        "iso_weekday": str(utc.isoweekday()),
        "is_weekday": str(utc.isoweekday() < 6).lower(),
        "year": str(utc.year),
        "month": str(utc.month),
        "day": str(utc.day),
        "hour": str(utc.hour),
        "minute": str(utc.minute),
        "second": str(utc.second),
        "timestamp_ms": str(int(utc.timestamp() * 1000)),
    }


_NAMESPACES: dict[str, Callable[[list[str], Scope, _Place], Any]] = {
    "job": _job,
    "task": _task,
    "tasks": _tasks,
    "input": _input,
    "workspace": _workspace,
}
_LEGACY: dict[str, Callable[[Scope], Any]] = {
    "job_id": lambda scope: scope.job.id,
    "run_id": lambda scope: scope.task.run_id,
    "parent_run_id": lambda scope: scope.job.run_id,
    "task_key": lambda scope: scope.task.name,
    "task_retry_count": lambda scope: scope.task.execution_count - 1,
    "start_date": lambda scope: time_parts(scope.job.start_time)["iso_date"],
    "start_time": lambda scope: time_parts(scope.job.start_time)["timestamp_ms"],
}
