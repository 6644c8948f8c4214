"""Jobs and tasks as the lint sees them: with their paths, their order, and a way to report."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from lakewright.bundle.model import Bundle, Diagnostic, Severity


@dataclass(frozen=True)
class TaskView:
    """A task of a job, or the inner task of a for-each task.

    Attributes:
        job: The job.
        spec: The task's configuration.
        path: Its key path.
        key: The key of the task in the job's graph (an inner task has that of its for-each task).
        inner: Whether it is the inner task of a for-each task.
    """

    job: "JobView"
    spec: Mapping[str, Any]
    path: str
    key: str
    inner: bool = False

    def finding(
        self,
        severity: Severity,
        summary: str,
        field: str = "",
        *,
        detail: str | None = None,
        fix: str | None = None,
    ) -> Diagnostic:
        """Return a diagnostic about a field of this task."""
        return self.job.finding(
            severity, summary, f"{self.path}.{field}" if field else self.path, detail=detail, fix=fix
        )

    def texts(self) -> Iterator[tuple[str, str]]:
        """Yield every string of the task with its field, the inner task's left out."""
        skipped = "" if self.inner else "for_each_task.task"
        yield from _texts(self.spec, "", skipped)


@dataclass(frozen=True)
class JobView:
    """A job of a bundle."""

    bundle: Bundle
    key: str
    spec: Mapping[str, Any]

    @property
    def path(self) -> str:
        """The job's key path."""
        return f"resources.jobs.{self.key}"

    def finding(
        self,
        severity: Severity,
        summary: str,
        path: str,
        *,
        detail: str | None = None,
        fix: str | None = None,
    ) -> Diagnostic:
        """Return a diagnostic about something of this job."""
        return Diagnostic(severity, summary, detail, self.bundle.locate(path), path, fix)

    @cached_property
    def tasks(self) -> tuple[TaskView, ...]:
        """The tasks of the graph, without inner ones."""
        listed = self.spec.get("tasks") or []
        return tuple(
            TaskView(self, task, f"{self.path}.tasks[{index}]", str(task.get("task_key") or ""))
            for index, task in enumerate(listed)
            if isinstance(task, dict)
        )

    @cached_property
    def all_tasks(self) -> tuple[TaskView, ...]:
        """The tasks of the graph and the inner tasks of for-each tasks."""
        inner = [
            TaskView(
                self,
                task.spec["for_each_task"]["task"],
                f"{task.path}.for_each_task.task",
                task.key,
                inner=True,
            )
            for task in self.tasks
            if isinstance((task.spec.get("for_each_task") or {}).get("task"), dict)
        ]
        return (*self.tasks, *inner)

    @cached_property
    def by_key(self) -> dict[str, TaskView]:
        """The tasks of the graph by key."""
        return {task.key: task for task in self.tasks}

    @cached_property
    def parameters(self) -> frozenset[str]:
        """The names of the job's parameters."""
        return frozenset(str(parameter.get("name")) for parameter in self.spec.get("parameters") or [])

    def parents(self, key: str) -> list[str]:
        """The keys that a task depends on directly."""
        task = self.by_key.get(key)
        return [str(parent.get("task_key")) for parent in (task.spec.get("depends_on") or [])] if task else []

    @cached_property
    def upstream(self) -> dict[str, frozenset[str]]:
        """For each task, the keys of all tasks that end before it starts."""
        return {task.key: self._ancestors(task.key) for task in self.tasks}

    def _ancestors(self, key: str) -> frozenset[str]:
        found: set[str] = set()
        waiting = self.parents(key)
        while waiting:
            parent = waiting.pop()
            if parent not in found:
                found.add(parent)
                waiting.extend(self.parents(parent))
        return frozenset(found)


def _texts(value: Any, path: str, skipped: str) -> Iterator[tuple[str, str]]:  # noqa: ANN401 (any part of a task)
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, child in value.items():
            field = f"{path}.{key}" if path else key
            if field != skipped:
                yield from _texts(child, field, skipped)
    elif isinstance(value, list):
        for index, child in enumerate(value):
            yield from _texts(child, f"{path}[{index}]", skipped)
