"""A job of the resolved bundle as a typed graph of tasks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from graphlib import CycleError, TopologicalSorter
from typing import Any

from databricks_utils.nearest import choose_from
from lakewright.runner.errors import PlanError
from lakewright.runner.values.text_form import text


class TaskKind(StrEnum):
    """The kinds of task that can run here; every other kind needs a workspace."""

    NOTEBOOK = "notebook_task"
    SCRIPT = "spark_python_task"
    WHEEL = "python_wheel_task"
    SQL = "sql_task"
    CONDITION = "condition_task"
    RUN_JOB = "run_job_task"
    FOR_EACH = "for_each_task"
    OTHER = "other"


class RunIf(StrEnum):
    """`run_if`: which results of its dependencies let a task run."""

    ALL_SUCCESS = "ALL_SUCCESS"
    AT_LEAST_ONE_SUCCESS = "AT_LEAST_ONE_SUCCESS"
    NONE_FAILED = "NONE_FAILED"
    ALL_DONE = "ALL_DONE"
    AT_LEAST_ONE_FAILED = "AT_LEAST_ONE_FAILED"
    ALL_FAILED = "ALL_FAILED"


@dataclass(frozen=True)
class Dependency:
    """A task that another one depends on; `outcome` is the required result of a condition task."""

    task_key: str
    outcome: str | None = None


@dataclass(frozen=True)
class TaskPlan:
    """One task as the bundle defines it; references such as `{{job.id}}` are still unresolved.

    Attributes:
        path: Key path in the resolved bundle, `resources.jobs.<job>.tasks[<n>]`, for locations in messages.
        spec: The whole task as resolved.
        max_retries: How many attempts may follow the first; unlimited if negative.
        min_retry_interval: Seconds between two attempts.
        timeout: Seconds; None for no limit.
    """

    key: str
    kind: TaskKind
    path: str
    spec: Mapping[str, Any]
    depends_on: tuple[Dependency, ...] = ()
    run_if: RunIf = RunIf.ALL_SUCCESS
    max_retries: int = 0
    min_retry_interval: float = 0.0
    retry_on_timeout: bool = False
    timeout: float | None = None
    disabled: bool = False

    @property
    def body(self) -> Mapping[str, Any]:
        """The settings of the task's kind, such as the content of `notebook_task`."""
        body = self.spec.get(self.kind.value) or {}
        return body if isinstance(body, Mapping) else {}


@dataclass(frozen=True)
class JobPlan:
    """A job.

    Attributes:
        tasks: Sorted so that every task follows its dependencies.
        parameters: The defaults, by name.
        timeout: Seconds; None for no limit.
        principal: The user or service principal that its tasks run as.
        spec: The whole job as resolved.
    """

    key: str
    name: str
    path: str
    tasks: tuple[TaskPlan, ...]
    parameters: Mapping[str, str] = field(default_factory=dict)
    timeout: float | None = None
    principal: str | None = None
    spec: Mapping[str, Any] = field(default_factory=dict)

    def task(self, key: str) -> TaskPlan:
        """The task named `key`.

        Raises:
            PlanError: There is none; the error suggests the nearest keys.
        """
        for task in self.tasks:
            if task.key == key:
                return task
        raise PlanError(
            f"job `{self.key}` has no task `{key}`",
            location=self.path,
            fix=choose_from(key, [task.key for task in self.tasks]) or "add tasks to the job",
        )


def build_plan(job_key: str, job: Mapping[str, Any], *, strict: bool = True) -> JobPlan:
    """Read one job of the resolved bundle.

    Args:
        job_key: Key of the job under `resources.jobs`.
        job: The job in the shape of `databricks bundle validate -o json`.
        strict: Refuse a graph that cannot run. A dry run reports each broken task instead, and keeps the order of
            the file.

    Raises:
        PlanError: Two tasks share a key, a dependency does not exist, or the dependencies form a circle.
    """
    path = f"resources.jobs.{job_key}"
    tasks = tuple(
        _task(spec, path=f"{path}.tasks[{index}]") for index, spec in enumerate(job.get("tasks") or [])
    )
    try:
        ordered = _in_order(tasks, path)
    except PlanError:
        if strict:
            raise
        ordered = tasks
    return JobPlan(
        key=job_key,
        name=str(job.get("name") or job_key),
        path=path,
        tasks=ordered,
        parameters={str(p["name"]): text(p.get("default", "")) for p in job.get("parameters") or []},
        timeout=_seconds(job.get("timeout_seconds")),
        principal=_principal(job.get("run_as")),
        spec=job,
    )


def nested_task(task: TaskPlan) -> TaskPlan:
    """The task that a for_each task repeats, under the key and the path of the loop.

    Raises:
        PlanError: The loop has no task of its own.
    """
    inner = task.body.get("task")
    if not isinstance(inner, Mapping):
        raise PlanError(
            f"for_each task `{task.key}` has no `task`",
            location=f"{task.path}.for_each_task",
            fix="add `task: {task_key: …}` with the task to repeat",
        )
    return _task(inner, path=f"{task.path}.for_each_task.task")


def _task(spec: Mapping[str, Any], *, path: str) -> TaskPlan:
    key = str(spec.get("task_key") or "")
    if not key:
        raise PlanError("a task has no `task_key`", location=path, fix="add `task_key: …`")
    kind = next((kind for kind in TaskKind if kind.value in spec), TaskKind.OTHER)
    return TaskPlan(
        key=key,
        kind=kind,
        path=path,
        spec=spec,
        depends_on=tuple(
            Dependency(str(item.get("task_key") or ""), _outcome(item.get("outcome")))
            for item in spec.get("depends_on") or []
        ),
        run_if=_run_if(spec.get("run_if"), path),
        max_retries=int(spec.get("max_retries") or 0),
        min_retry_interval=float(spec.get("min_retry_interval_millis") or 0) / 1000,
        retry_on_timeout=bool(spec.get("retry_on_timeout")),
        timeout=_seconds(spec.get("timeout_seconds")),
        disabled=bool(spec.get("disabled")),
    )


def _outcome(value: object) -> str | None:
    return None if value is None else text(value).lower()


def _run_if(value: object, path: str) -> RunIf:
    if value is None or value == "":
        return RunIf.ALL_SUCCESS
    try:
        return RunIf(str(value))
    except ValueError as error:
        raise PlanError(
            f"`run_if: {value}` is not known",
            location=f"{path}.run_if",
            fix=choose_from(str(value), [item.value for item in RunIf]),
        ) from error


def _seconds(value: Any) -> float | None:
    return float(value) if value else None


def _principal(run_as: object) -> str | None:
    if not isinstance(run_as, Mapping):
        return None
    for field_name in ("service_principal_name", "user_name", "group_name"):
        if run_as.get(field_name):
            return str(run_as[field_name])
    return None


def _in_order(tasks: tuple[TaskPlan, ...], path: str) -> tuple[TaskPlan, ...]:
    """The tasks, sorted so that every task follows its dependencies; the resolved bundle sorts them by name."""
    by_key = {task.key: task for task in tasks}
    _check_keys(tasks, by_key)
    graph = {task.key: [item.task_key for item in task.depends_on] for task in tasks}
    try:
        return tuple(by_key[key] for key in TopologicalSorter(graph).static_order())
    except CycleError as error:
        raise PlanError(
            "the tasks depend on each other in a circle",
            detail=" → ".join(reversed(error.args[1])),
            location=path,
            fix="remove one of these `depends_on`",
        ) from error


def _check_keys(tasks: tuple[TaskPlan, ...], by_key: Mapping[str, TaskPlan]) -> None:
    for task in tasks:
        if by_key[task.key] is not task:
            again = by_key[task.key]
            raise PlanError(
                f"two tasks are called `{again.key}`", location=again.path, fix="rename one of them"
            )
        for dependency in task.depends_on:
            if dependency.task_key not in by_key:
                raise PlanError(
                    f"task `{task.key}` depends on `{dependency.task_key}`, which does not exist",
                    location=f"{task.path}.depends_on",
                    fix=choose_from(dependency.task_key, [key for key in by_key if key != task.key])
                    or "remove the dependency",
                )
