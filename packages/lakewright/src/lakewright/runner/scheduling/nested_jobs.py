"""`run_job_task`: a task that runs another job of the bundle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from databricks_utils.nearest import choose_from
from lakewright.bundle import Bundle, job_key
from lakewright.runner.errors import PlanError
from lakewright.runner.handover.problem import Problem
from lakewright.runner.planning.graph import JobPlan, TaskPlan, build_plan
from lakewright.runner.planning.parameters import refuse_undeclared
from lakewright.runner.planning.resume import still_valid
from lakewright.runner.record.result import Standing, Status, TaskResult
from lakewright.runner.values.text_form import text

_DEEPEST = 10


def nested_plan(bundle: Bundle, job_id: object, *, around: Sequence[str], location: str) -> JobPlan:
    """The plan of the job that a task names.

    Args:
        bundle: The resolved bundle.
        job_id: `job_id` of the task.
        around: Keys of the jobs that called this one, the outermost first.
        location: Where `job_id` is written, for the errors.

    Raises:
        PlanError: The job is not in the bundle, calls itself, or the calls are nested too deep.
    """
    key = job_key(bundle, job_id)
    if key is None:
        name = str(job_id).removeprefix("${resources.jobs.").removesuffix(".id}")
        raise PlanError(
            f"`job_id: {job_id}` names no job of this bundle",
            location=location,
            fix=f"write job_id: ${{resources.jobs.<job>.id}}; {choose_from(name, bundle.jobs) or 'add the job'}",
        )
    if key in around or len(around) >= _DEEPEST:
        raise PlanError(
            "jobs run each other in a circle" if key in around else "jobs are nested too deep",
            detail=" → ".join([*around, key]),
            location=location,
            fix="remove one of these `run_job_task`",
        )
    return build_plan(key, bundle.jobs[key])


def reused_inside(
    reusable: Mapping[str, TaskResult],
    task: TaskPlan,
    plan: JobPlan,
    *,
    label: str,
    ended: Mapping[str, TaskResult],
) -> dict[str, TaskResult]:
    """Results inside a called job that can be reused; none if a task before the call was executed in this run.

    Args:
        reusable: Results of the resumed run, by task path.
        task: The task that calls the job.
        plan: The called job.
        label: The task's path in the run.
        ended: Results of the other tasks of the calling job.
    """
    if any(ended[item.task_key].executed for item in task.depends_on):
        return {}
    prefix = f"{label}/"
    inside = {key.removeprefix(prefix): result for key, result in reusable.items() if key.startswith(prefix)}
    own = {key: result for key, result in inside.items() if "/" not in key and "[" not in key}
    return still_valid(plan, own)


def nested_result(plan: JobPlan, results: Mapping[str, TaskResult], standing: Standing) -> TaskResult:
    """The result of a task that ran another job."""
    executed = any(result.executed or result.reused_from for result in results.values())
    done = sum(result.status is Status.SUCCESS for result in results.values())
    note = f"{done} of {len(results)} tasks succeeded"
    if standing is Standing.FAILED:
        key, worst = _first_failure(results)
        inner = worst.problem or Problem(worst.reason or "failed")
        problem = replace(inner, summary=f"task `{key}` of job `{plan.key}` failed: {inner.summary}")
        return TaskResult(
            Status.FAILED,
            standing,
            problem.summary,
            problem,
            notes=(note,),
            executed=executed,
            timed_out=worst.timed_out,
        )
    if standing is Standing.BLOCKED or not executed:
        missing = ", ".join(key for key, item in results.items() if not (item.executed or item.reused_from))
        reason = f"not executed here: {missing}"
        return TaskResult(Status.SKIPPED, Standing.BLOCKED, reason, notes=(note,), executed=executed)
    return TaskResult(Status.SUCCESS, standing, notes=(note,), executed=executed)


def _first_failure(results: Mapping[str, TaskResult]) -> tuple[str, TaskResult]:
    failures = ((key, item) for key, item in results.items() if item.status in {Status.FAILED, Status.CONFIG})
    return next(failures, next(iter(results.items())))


def nested_parameters(plan: JobPlan, own: object, outer: Mapping[str, str]) -> dict[str, str]:
    """Values for the parameters of a called job: those of the task, and those of the calling job, which win.

    Args:
        plan: The called job.
        own: `job_parameters` of the task, with references resolved.
        outer: The parameters of the calling job; those that the called job does not declare are left out.

    Raises:
        PlanError: The task gives a parameter that the called job does not declare.

    Source: https://docs.databricks.com/aws/en/jobs/job-parameters, on pushing job parameters down
    """
    given = {str(key): text(value) for key, value in own.items()} if isinstance(own, Mapping) else {}
    refuse_undeclared(plan, given)
    return {**given, **{name: value for name, value in outer.items() if name in plan.parameters}}
