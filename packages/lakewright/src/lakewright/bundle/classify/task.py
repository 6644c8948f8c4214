"""The verdict on a task: broken, or one that this machine runs, or one that needs a workspace."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from lakewright.bundle.classify.control import condition_verdict, run_job_verdict
from lakewright.bundle.classify.files import notebook_verdict, python_file_verdict, sql_verdict
from lakewright.bundle.classify.values import foreign_catalog, missing_value, open_value
from lakewright.bundle.classify.verdict import Kind, TaskOfJob, Verdict
from lakewright.bundle.classify.wheels import wheel_verdict
from lakewright.bundle.jobs.local_fields import WORKSPACE_TASKS
from lakewright.bundle.model.bundle import Bundle
from lakewright.bundle.model.diagnostic import Diagnostic

_Judge = Callable[[TaskOfJob], Verdict]


def classify_task(
    bundle: Bundle, job_key: str, task: Mapping[str, Any], *, may_build: bool = True
) -> Verdict:
    """Judge one task of a job.

    Args:
        bundle: A loaded bundle.
        job_key: The job's resource key.
        task: One element of the job's `tasks`.
        may_build: Whether a build backend may be asked for entry points that only the build knows: it runs `setup.py`.

    Returns:
        The verdict, with the place that it rests on.
    """
    return _classify(TaskOfJob(bundle, job_key, task, _path_of(bundle, job_key, task), may_build))


def _path_of(bundle: Bundle, job_key: str, task: Mapping[str, Any]) -> str:
    base = f"resources.jobs.{job_key}.tasks"
    for index, other in enumerate(bundle.jobs[job_key].get("tasks") or []):
        if other is task or other == task:
            return f"{base}[{index}]"
        if ((other.get("for_each_task") or {}).get("task")) == task:
            return f"{base}[{index}].for_each_task.task"
    return base


def _classify(task: TaskOfJob) -> Verdict:
    if error := _error_within(task):
        return Verdict(Kind.CONFIG, error.summary, error.location, error.fix)
    kinds = sorted(field for field in task.task if field.endswith("_task") and task.task[field] is not None)
    if not kinds:
        return task.verdict(
            Kind.CONFIG, "the task has nothing to run", "task_key", "add a `notebook_task`, for instance"
        )
    if len(kinds) > 1:
        return task.verdict(
            Kind.CONFIG, f"the task has more than one kind: {', '.join(kinds)}", kinds[1], "keep one"
        )
    return _judge(task, kinds[0])


def _judge(task: TaskOfJob, kind: str) -> Verdict:
    if kind not in _JUDGES:
        reason = WORKSPACE_TASKS.get(kind, "this kind of task is not known here")
        return task.verdict(Kind.CLOUD, f"{kind}: {reason}", kind)
    verdict = _JUDGES[kind](task)
    if verdict.kind is not Kind.LOCAL:
        return verdict
    if kind == "for_each_task":
        return missing_value(task, kind) or verdict
    return open_value(task, kind) or missing_value(task, kind) or foreign_catalog(task, kind) or verdict


def _error_within(task: TaskOfJob) -> Diagnostic | None:
    for diagnostic in task.bundle.diagnostics:
        if diagnostic.severity == "error" and _is_within(diagnostic.path, task.path):
            return diagnostic
    return None


def _is_within(path: str | None, task_path: str) -> bool:
    return path is not None and (path == task_path or path.startswith(f"{task_path}."))


def _for_each(task: TaskOfJob) -> Verdict:
    inner = task.task["for_each_task"].get("task")
    if not isinstance(inner, dict):
        return task.verdict(
            Kind.CONFIG, "for_each_task has no task", "for_each_task", "add the `task` to repeat"
        )
    verdict = _classify(replace(task, task=inner, path=f"{task.path}.for_each_task.task"))
    return Verdict(verdict.kind, f"for each: {verdict.reason}", verdict.location, verdict.fix)


_JUDGES: dict[str, _Judge] = {
    "notebook_task": notebook_verdict,
    "spark_python_task": python_file_verdict,
    "python_wheel_task": wheel_verdict,
    "condition_task": condition_verdict,
    "run_job_task": run_job_verdict,
    "for_each_task": _for_each,
    "sql_task": sql_verdict,
}
