"""Jobs and tasks with their key paths, their order and what runs before them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from lakewright.bundle.job_lookup import job_key
from lakewright.bundle.jobs.dynamic import DynamicReference, dynamic_references
from lakewright.bundle.jobs.value_references import is_reference
from lakewright.bundle.model.bundle import Bundle

if TYPE_CHECKING:
    from lakewright.bundle.python_projects.project import PythonProject


@dataclass(frozen=True)
class BundleView:
    """A loaded bundle with the views of its jobs."""

    bundle: Bundle

    @cached_property
    def jobs(self) -> "dict[str, JobView]":
        """The jobs by key."""
        return {key: JobView(self, key, job) for key, job in self.bundle.jobs.items()}

    def resources(self, kind: str) -> Mapping[str, Mapping[str, Any]]:
        """Return the resources of a kind, such as `schemas`, by key."""
        found = (self.bundle.resolved.get("resources") or {}).get(kind)
        items = found.items() if isinstance(found, dict) else ()
        return {key: resource for key, resource in items if isinstance(resource, dict)}

    @cached_property
    def python_projects(self) -> "tuple[PythonProject, ...]":
        """The Python projects whose wheels the bundle builds; no build backend is asked, so no code is executed."""
        from lakewright.bundle.python_projects.of_bundle import python_projects

        return python_projects(self.bundle, may_build=False)


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

    def part(self, field: str) -> Mapping[str, Any]:
        """Return the map at a field such as `condition_task`; an empty one if there is none."""
        value = self.spec.get(field)
        return value if isinstance(value, dict) else {}

    @cached_property
    def kinds(self) -> list[str]:
        """The fields that say what the task runs, such as `notebook_task`; a sound task has one."""
        return sorted(
            field for field, value in self.spec.items() if field.endswith("_task") and value is not None
        )

    @cached_property
    def has_error(self) -> bool:
        """Whether the load reported an error about a field of the task."""
        return any(
            found.severity == "error" and found.path and found.path.startswith(f"{self.path}.")
            for found in self.job.bundle.diagnostics
        )

    @cached_property
    def dependencies(self) -> list[tuple[str, str, str | None]]:
        """For each entry of `depends_on`: its field, the key it names, and the outcome it asks for."""
        entries = [] if self.inner else self.spec.get("depends_on") or []
        return [
            (
                f"depends_on[{index}]",
                str(entry.get("task_key") or ""),
                None if entry.get("outcome") is None else str(entry["outcome"]),
            )
            for index, entry in enumerate(entries)
        ]

    @cached_property
    def dynamic_references(self) -> tuple[DynamicReference, ...]:
        """The references in the task's strings; those of a repeated task belong to its own view."""
        return tuple(found for found in self.in_braces if is_reference(found.parts))

    @cached_property
    def in_braces(self) -> tuple[DynamicReference, ...]:
        """Each `{{…}}` in the task's strings, whether it is a reference or not."""
        skipped = "" if self.inner else "for_each_task.task"
        return tuple(dynamic_references(_texts(self.spec, "", skipped)))

    @cached_property
    def started_job(self) -> "JobView | None":
        """The job of the bundle that the task runs, if it runs one."""
        key = job_key(self.job.bundle, self.part("run_job_task").get("job_id"))
        return self.job.view.jobs[key] if key else None

    @property
    def entry_point(self) -> tuple[str, str] | None:
        """The package and the entry point of a wheel task; None if there is none, or they are not known yet."""
        spec = self.part("python_wheel_task")
        package, entry_point = str(spec.get("package_name") or ""), str(spec.get("entry_point") or "")
        if not package or not entry_point or "${" in package or "{{" in package:
            return None
        return package, entry_point


@dataclass(frozen=True)
class JobView:
    """A job of a bundle."""

    view: BundleView
    key: str
    spec: Mapping[str, Any]

    @property
    def bundle(self) -> Bundle:
        """The bundle."""
        return self.view.bundle

    @property
    def path(self) -> str:
        """The job's key path."""
        return f"resources.jobs.{self.key}"

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
    def in_parameters(self) -> tuple[DynamicReference, ...]:
        """Each `{{…}}` in the defaults of the job's parameters; fields are relative to the job."""
        listed = [item for item in self.spec.get("parameters") or [] if isinstance(item, dict)]
        texts = [(f"parameters[{index}].default", item.get("default")) for index, item in enumerate(listed)]
        return tuple(dynamic_references((field, text) for field, text in texts if isinstance(text, str)))

    @property
    def parameter_graph(self) -> dict[str, list[str]]:
        """For each parameter, the declared parameters that its default refers to."""
        graph: dict[str, list[str]] = {name: [] for name in sorted(self.parameters)}
        for found in self.in_parameters:
            if found.parts[:2] == ("job", "parameters") and found.parts[2:3] and found.parts[2] in graph:
                index = int(found.field.removeprefix("parameters[").partition("]")[0])
                graph[str(self.spec["parameters"][index].get("name"))].append(found.parts[2])
        return graph

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


def _texts(value: Any, path: str, skipped: str) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - any part of a task
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
