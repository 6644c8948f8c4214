"""The value of each kind of `{{…}}` reference in a local run, by the pattern that the list of references has for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from databricks_utils.nearest import choose_from
from lakewright.runner.errors import RunnerError
from lakewright.runner.values.scope import NO_INPUT, Scope, TaskFacts
from lakewright.runner.values.time_forms import time_forms


class ReferenceConfigError(RunnerError, KeyError):
    """Raised when a `{{…}}` reference has no value."""

    __str__ = RunnerError.__str__


@dataclass(frozen=True)
class Place:
    """A reference in the bundle, for errors about it.

    Attributes:
        text: The reference with its braces.
        location: Where it is written.
    """

    text: str
    location: str | None

    def error(self, summary: str, *, fix: str, detail: str | None = None) -> ReferenceConfigError:
        """An error about the reference."""
        return ReferenceConfigError(
            f"`{self.text}`: {summary}", detail=detail, location=self.location, fix=fix
        )


Value = Callable[[Sequence[str], Scope, Place], Any]


def _parameter(parts: Sequence[str], scope: Scope, place: Place) -> Any:
    declared, name = scope.job.parameters, parts[2]
    if name not in declared:
        raise place.error(
            f"the job declares no parameter `{name}`",
            fix=choose_from(name, declared) or "declare it under the job's `parameters`",
        )
    return declared[name]


def _time(parts: Sequence[str], scope: Scope, _place: Place) -> Any:
    return time_forms(scope.job.start_time)[parts[-1]]


def _task(value: Callable[[TaskFacts], Any]) -> Value:
    def of_this_task(_parts: Sequence[str], scope: Scope, place: Place) -> Any:
        if scope.task is None:
            raise place.error(
                "it has a value only in a task; job parameters get their values before any task starts",
                fix="move it into the parameters of the task",
            )
        return value(scope.task)

    return of_this_task


def _other_task(value: Callable[[TaskFacts], Any]) -> Value:
    return lambda parts, scope, place: value(_ended(parts[1], scope, place))


def _ended(key: str, scope: Scope, place: Place) -> TaskFacts:
    if key in scope.tasks:
        return scope.tasks[key]
    if key in scope.known_tasks:
        raise place.error(f"task `{key}` has not ended yet", fix=f"add `- task_key: {key}` to `depends_on`")
    raise place.error(
        f"there is no task `{key}`", fix=choose_from(key, scope.known_tasks) or "correct the task's key"
    )


def _task_value(parts: Sequence[str], scope: Scope, place: Place) -> Any:
    _, key, _, name, *rest = parts
    task = _ended(key, scope, place)
    if name in task.values:
        return _inside(task.values[name], rest, place)
    known = ", ".join(f"`{item}`" for item in task.values) or "none"
    if not task.selected:
        raise place.error(
            f"task `{key}` is not part of this run, and its last run left no task value `{name}`",
            detail=f"values from its last run: {known}",
            fix=f"run `{key}` too: name it in `--only`, or start `--from {key}`",
        )
    raise place.error(
        f"task `{key}` has not set the task value `{name}`",
        detail=f"values that it set: {known}",
        fix=f'in task `{key}`: dbutils.jobs.taskValues.set("{name}", …)',
    )


def _rows(parts: Sequence[str], scope: Scope, place: Place) -> Any:
    task = _ended(parts[1], scope, place)
    if task.rows is None:
        raise place.error(
            f"task `{parts[1]}` has no rows",
            detail="a `sql_task` with a file has the rows of its last statement, if that is a query",
            fix=f"end the SQL file of `{parts[1]}` with a SELECT"
            + (
                "" if task.selected else f", and run it too: it is not part of this run (`--from {parts[1]}`)"
            ),
        )
    return list(task.rows)


def _first_row(parts: Sequence[str], scope: Scope, place: Place) -> Any:
    rows = _rows(parts, scope, place)
    if not rows:
        raise place.error(
            f"the rows of task `{parts[1]}` are empty", fix="refer to `output.rows`, or return a row"
        )
    return _inside(rows[0], parts[4:], place)


def _input(parts: Sequence[str], scope: Scope, place: Place) -> Any:
    if scope.input is NO_INPUT:
        raise place.error(
            "it has a value only inside a for_each task",
            fix="move it into `for_each_task.task`, or use a parameter",
        )
    return _inside(scope.input, parts[1:], place)


def _inside(value: Any, parts: Sequence[str], place: Place) -> Any:
    for part in parts:
        if isinstance(value, Mapping) and part in value:
            value = value[part]
        elif isinstance(value, list) and part.isdigit() and int(part) < len(value):
            value = value[int(part)]
        else:
            known = list(value) if isinstance(value, Mapping) else []
            raise place.error(
                f"the value has no `{part}`",
                fix=choose_from(part, known) or f"remove `.{part}`: the value has no named parts",
            )
    return value


VALUES: Mapping[str, Value] = {
    "job.id": lambda _parts, scope, _place: scope.job.id,
    "job.name": lambda _parts, scope, _place: scope.job.name,
    "job.run_id": lambda _parts, scope, _place: scope.job.run_id,
    "job.repair_count": lambda _parts, scope, _place: scope.job.repair_count,
    "job.start_time.<time>": _time,
    "job.parameters.<name>": _parameter,
    "job.trigger.type": lambda _parts, scope, _place: scope.job.trigger_type,
    "job.trigger.time.<time>": _time,
    "job.trigger.file_arrival.location": lambda _parts, scope, _place: scope.job.file_location,
    "task.name": _task(lambda task: task.name),
    "task.run_id": _task(lambda task: task.run_id),
    "task.execution_count": _task(lambda task: task.execution_count),
    "task.notebook_path": _task(lambda task: task.notebook_path),
    "tasks.<task>.run_id": _other_task(lambda task: task.run_id),
    "tasks.<task>.result_state": _other_task(lambda task: task.result_state),
    "tasks.<task>.error_code": _other_task(lambda task: task.error_code),
    "tasks.<task>.execution_count": _other_task(lambda task: task.execution_count),
    "tasks.<task>.notebook_path": _other_task(lambda task: task.notebook_path),
    "tasks.<task>.values.<key…>": _task_value,
    "tasks.<task>.output.rows": _rows,
    "tasks.<task>.output.first_row": _first_row,
    "tasks.<task>.output.first_row.<column>": _first_row,
    "input": _input,
    "input.<key…>": _input,
    "workspace.id": lambda _parts, _scope, _place: "0",
    "workspace.url": lambda _parts, _scope, _place: "local",
    "job_id": lambda _parts, scope, _place: scope.job.id,
    "run_id": _task(lambda task: task.run_id),
    "parent_run_id": lambda _parts, scope, _place: scope.job.run_id,
    "task_key": _task(lambda task: task.name),
    "task_retry_count": _task(lambda task: task.execution_count - 1),
    "start_date": lambda _parts, scope, _place: time_forms(scope.job.start_time)["iso_date"],
    "start_time": lambda _parts, scope, _place: time_forms(scope.job.start_time)["timestamp_ms"],
}
