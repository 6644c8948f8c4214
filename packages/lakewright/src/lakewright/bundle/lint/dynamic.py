"""`{{…}}` references of jobs: parameters that nobody declares, values of tasks that have not run yet."""

import re
from collections.abc import Iterator

from databricks_utils.nearest import did_you_mean, listing, nearest
from lakewright.bundle.lint.view import JobView, TaskView
from lakewright.bundle.model import Diagnostic

# A step is plain, or stands in backticks or brackets where it holds odd signs: `job.parameters.[a.b]`.
_STEP = re.compile(r"`[^`]*`|\[[^\]]*\]|[^.`\[\]]+")
_DYNAMIC = re.compile(r"\{\{\s*([A-Za-z_][^{}]*?)\s*\}\}")
# Source: the dynamic value references in the documentation of Lakeflow Jobs.
_OF_JOB = {"id", "name", "run_id", "repair_count", "start_time", "parameters", "trigger"}
_OF_TASK = {"name", "run_id", "execution_count", "notebook_path"}
_OF_TASKS = {
    "values",
    "result_state",
    "error_code",
    "execution_count",
    "notebook_path",
    "run_id",
    "output",
    "outcome",
}
_ROOTS = {"job", "task", "tasks", "input", "workspace", "backfill"}
_MEMBERS = {"job": _OF_JOB, "task": _OF_TASK, "workspace": {"id", "url"}}


def check_dynamic_references(job: JobView) -> Iterator[Diagnostic]:
    """Yield what is wrong with the `{{…}}` references of a job's tasks."""
    for task in job.all_tasks:
        for field, text in task.texts():
            for reference in _DYNAMIC.findall(text):
                yield from _check(task, field, reference)


def _check(task: TaskView, field: str, reference: str) -> Iterator[Diagnostic]:
    parts = [part.strip("`[]") for part in _STEP.findall(reference)]
    root = parts[0]
    if len(parts) < 2:
        return
    if root not in _ROOTS:
        near = nearest(root, _ROOTS)
        if near:
            yield task.finding(
                "warning",
                f"`{{{{{reference}}}}}` is not a reference that jobs know",
                field,
                fix=f"did you mean `{{{{{reference.replace(root, near[0], 1)}}}}}`?",
            )
        return
    if root == "tasks":
        yield from _task_reference(task, field, reference, parts)
    elif root == "job" and parts[1] == "parameters" and len(parts) > 2:
        yield from _parameter(task, field, parts[2])
    elif root in _MEMBERS and parts[1] not in _MEMBERS[root]:
        yield task.finding(
            "warning",
            f"`{{{{{reference}}}}}`: `{root}` has no `{parts[1]}`",
            field,
            detail=f"it has {listing(_MEMBERS[root])}",
            fix=did_you_mean(parts[1], _MEMBERS[root]) or "correct the reference",
        )
    elif root == "input" and not task.inner:
        yield task.finding(
            "error",
            f"`{{{{{reference}}}}}` has a value only inside of a for-each task",
            field,
            fix="move it into `for_each_task.task`",
        )


def _parameter(task: TaskView, field: str, name: str) -> Iterator[Diagnostic]:
    if name in task.job.parameters:
        return
    yield task.finding(
        "error",
        f"the job {task.job.key} declares no parameter `{name}`",
        field,
        detail=f"it declares {listing(task.job.parameters)}",
        fix=did_you_mean(name, task.job.parameters)
        or f"add it: `parameters: [{{name: {name}, default: …}}]`",
    )


def _task_reference(task: TaskView, field: str, reference: str, parts: list[str]) -> Iterator[Diagnostic]:
    job, source = task.job, parts[1]
    upstream = job.upstream.get(task.key, frozenset())
    if source not in job.by_key:
        yield task.finding(
            "error",
            f"`{{{{{reference}}}}}` reads from `{source}`, which the job {job.key} does not have",
            field,
            detail=f"it has {listing(job.by_key)}",
            fix=did_you_mean(source, upstream or job.by_key) or "correct the task's key",
        )
    elif source not in upstream:
        own = source == task.key
        yield task.finding(
            "error",
            f"`{{{{{reference}}}}}` reads from {'the task itself' if own else f'`{source}`, which is not upstream of `{task.key}`'}",
            field,
            detail=None if own else "it may not have run by then, so there may be no value",
            fix="read it from a task that runs before"
            if own
            else f"add `depends_on: [{{task_key: {source}}}]` to `{task.key}`",
        )
    elif len(parts) > 2 and parts[2] not in _OF_TASKS:
        yield task.finding(
            "warning",
            f"`{{{{{reference}}}}}`: a task has no `{parts[2]}`",
            field,
            detail=f"it has {listing(_OF_TASKS)}",
            fix=did_you_mean(parts[2], _OF_TASKS)
            or f"for a task value write `{{{{tasks.{source}.values.{parts[2]}}}}}`",
        )
