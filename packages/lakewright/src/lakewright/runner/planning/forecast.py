"""`lakewright run --dry-run`: where each task would run; starts nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from databricks_utils.errors import DiagnosedError
from lakewright.bundle import Bundle, Kind, Verdict, job_key
from lakewright.runner.errors import PlanError
from lakewright.runner.planning.graph import TaskKind, TaskPlan, build_plan, nested_task
from lakewright.runner.planning.options import RunOptions
from lakewright.runner.planning.selection import own_key, select

# Returns where a task can run; takes the key of its job and the task.
Classify = Callable[[str, Mapping[str, Any]], Verdict]


def runs_here(_job_key: str, _task: Mapping[str, Any]) -> Verdict:
    """Return `LOCAL` for every task."""
    return Verdict(Kind.LOCAL, "runs here")


@dataclass(frozen=True)
class Forecast:
    """Where a task would run, and why."""

    key: str
    task_kind: str
    verdict: Kind
    reason: str | None = None
    location: str | None = None
    fix: str | None = None


def forecast(
    bundle: Bundle, job: str, classify: Classify, options: RunOptions | None = None
) -> list[Forecast]:
    """Forecast the selected tasks of a job, and those of the jobs that it runs, in the order of the file.

    Raises:
        PlanError: A task that the options select does not exist, or the job has no tasks.
    """
    plan = build_plan(job, bundle.jobs[job], strict=False)
    if not plan.tasks:
        raise PlanError(
            f"the job {job} has no tasks",
            location=plan.path,
            fix="add `tasks: [{task_key: …, notebook_task: {…}}]` to it",
        )
    left_out = select(plan, options or RunOptions())
    return [item for item in _job(bundle, job, classify, "", ()) if own_key(item.key) not in left_out]


def _job(
    bundle: Bundle, job: str, classify: Classify, prefix: str, around: tuple[str, ...]
) -> Iterator[Forecast]:
    for task in build_plan(job, bundle.jobs[job], strict=False).tasks:
        yield _task(job, task, prefix, classify)
        if task.kind is TaskKind.FOR_EACH:
            yield _task(job, nested_task(task), f"{prefix}{task.key}[…] ", classify)
        if task.kind is TaskKind.RUN_JOB:
            inner = job_key(bundle, task.body.get("job_id"))
            if inner is not None and inner not in {*around, job}:
                yield from _job(bundle, inner, classify, f"{prefix}{task.key}/", (*around, job))


def _task(job: str, task: TaskPlan, prefix: str, classify: Classify) -> Forecast:
    kind = task.kind.value if task.kind is not TaskKind.OTHER else _foreign_kind(task)
    try:
        verdict = classify(job, task.spec)
    except DiagnosedError as error:
        return Forecast(prefix + task.key, kind, Kind.CONFIG, error.summary, error.location, error.fix)
    place = str(verdict.location) if verdict.location else None
    return Forecast(prefix + task.key, kind, verdict.kind, verdict.reason, place, verdict.fix)


def _foreign_kind(task: TaskPlan) -> str:
    return next((name for name in task.spec if name.endswith("_task")), "?")
