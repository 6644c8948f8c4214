"""`lakewright run --dry-run`: for each task what would happen here, and nothing happens."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from databricks_utils.errors import DiagnosedError
from lakewright.runner.errors import PlanError
from lakewright.runner.planning.graph import TaskKind, TaskPlan, build_plan, nested_task
from lakewright.runner.planning.local_values import BundleLike
from lakewright.runner.planning.selection import own_key, select
from lakewright.runner.scheduling.context import RunOptions, Verdict


@dataclass(frozen=True)
class Forecast:
    """What is known about a task before it runs: LOCAL, CLOUD (why) or CONFIG (where)."""

    key: str
    kind: str
    verdict: str
    reason: str | None = None
    location: str | None = None
    fix: str | None = None


def forecast(
    bundle: BundleLike,
    job_key: str,
    classify: Callable[[str, Mapping[str, Any]], Verdict | None],
    options: RunOptions | None = None,
) -> list[Forecast]:
    """Forecast the tasks of a job that would run, and those of the jobs that it runs, in the order of the file.

    Raises:
        PlanError: A task that the options select does not exist.
    """
    plan = build_plan(job_key, bundle.jobs[job_key], strict=False)
    if not plan.tasks:
        raise PlanError(
            f"the job {job_key} has no tasks",
            location=plan.path,
            fix="add `tasks: [{task_key: …, notebook_task: {…}}]` to it",
        )
    left_out = select(plan, options or RunOptions())
    return [item for item in _job(bundle, job_key, classify, "", ()) if own_key(item.key) not in left_out]


def _job(
    bundle: BundleLike,
    job_key: str,
    classify: Callable[[str, Mapping[str, Any]], Verdict | None],
    prefix: str,
    around: tuple[str, ...],
) -> Iterator[Forecast]:
    plan = build_plan(job_key, bundle.jobs[job_key], strict=False)
    for task in plan.tasks:
        yield _task(job_key, task, prefix, classify)
        if task.kind is TaskKind.FOR_EACH:
            yield _task(job_key, nested_task(task), f"{prefix}{task.key}[…] ", classify)
        inner = nested_job_key(task, bundle)
        if inner is not None and inner not in {*around, job_key}:
            yield from _job(bundle, inner, classify, f"{prefix}{task.key}/", (*around, job_key))


def _task(
    job_key: str, task: TaskPlan, prefix: str, classify: Callable[[str, Mapping[str, Any]], Verdict | None]
) -> Forecast:
    kind = task.kind.value if task.kind is not TaskKind.OTHER else _foreign_kind(task)
    try:
        verdict = classify(job_key, task.spec)
    except DiagnosedError as error:
        return Forecast(prefix + task.key, kind, "CONFIG", error.summary, error.location, error.fix)
    if verdict is None:
        return Forecast(prefix + task.key, kind, "LOCAL")
    word = str(verdict.kind).rpartition(".")[-1].upper()
    place = str(verdict.location) if verdict.location else None
    return Forecast(prefix + task.key, kind, word, verdict.reason, place, verdict.fix)


def nested_job_key(task: TaskPlan, bundle: BundleLike) -> str | None:
    """The key of the job that a run_job task names, if it is in the bundle."""
    if task.kind is not TaskKind.RUN_JOB:
        return None
    key = str(task.body.get("job_id") or "").removeprefix("${resources.jobs.").removesuffix(".id}")
    return key if key in bundle.jobs else None


def _foreign_kind(task: TaskPlan) -> str:
    return next((name for name in task.spec if name.endswith("_task")), "?")
