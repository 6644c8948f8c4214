"""Tasks that run no code of their own: condition, run_job, for_each."""

from __future__ import annotations

import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from lakewright.runner.errors import PlanError
from lakewright.runner.handover.task_spec import Problem
from lakewright.runner.planning.conditions import evaluate
from lakewright.runner.planning.graph import JobPlan, TaskPlan, build_plan, nearest, nested_task, text
from lakewright.runner.planning.local_values import localise
from lakewright.runner.planning.references import Scope, resolve
from lakewright.runner.planning.selection import still_valid
from lakewright.runner.record.result import Status, TaskResult
from lakewright.runner.scheduling.scheduler import Standing

if TYPE_CHECKING:
    from lakewright.runner.scheduling.job import JobRun, Limit

_DEEPEST = 10


def run_condition(body: Mapping[str, Any], *, location: str) -> TaskResult:
    """Evaluate a condition task whose references are resolved."""
    left, right = text(body.get("left", "")), text(body.get("right", ""))
    op = str(body.get("op") or "")
    outcome = "true" if evaluate(op, left, right, location=location) else "false"
    return TaskResult(
        Status.SUCCESS, Standing.SUCCEEDED, outcome=outcome, notes=(f"{left} {op} {right}: {outcome}",)
    )


def run_nested_job(
    parent: JobRun, task: TaskPlan, label: str, body: Mapping[str, Any], limit: Limit | None
) -> TaskResult:
    """Run another job of the bundle as a task.

    Raises:
        PlanError: The job is not in the bundle, or is one of those that are running around it.
    """
    from lakewright.runner.scheduling.job import JobRun, job_parameters

    context = parent.context
    location = context.locate(f"{task.path}.run_job_task.job_id")
    key = _job_key(parent, str(body.get("job_id") or ""), location)
    chain = (*parent.ancestors, parent.plan.key)
    if key in chain or len(chain) >= _DEEPEST:
        raise PlanError(
            "jobs start one another in a circle" if key in chain else "jobs are nested too deep",
            detail=" → ".join([*chain, key]),
            location=location,
            fix="let one of them not run the other",
        )
    plan = build_plan(key, context.bundle.jobs[key])
    own = {str(name): text(value) for name, value in (body.get("job_parameters") or {}).items()}
    pushed = {name: value for name, value in parent.parameters.items() if name in plan.parameters}
    nested = JobRun(
        context,
        plan,
        job_parameters(plan, {**own, **pushed}, context),
        prefix=f"{label}/",
        limit=limit,
        ancestors=chain,
        taken_over=_taken_over(parent, task, plan, f"{label}/"),
    )
    for name, result in nested.taken_over.items():
        context.record(f"{label}/{name}", result)
    return _job_result(nested, nested.run())


def _taken_over(parent: JobRun, task: TaskPlan, plan: JobPlan, prefix: str) -> dict[str, TaskResult]:
    """Results of the resumed run inside a nested job; none where something before the job was executed anew."""
    if any(parent.results[item.task_key].executed for item in task.depends_on):
        return {}
    found = parent.context.reusable.items()
    inside = {key.removeprefix(prefix): result for key, result in found if key.startswith(prefix)}
    own = {key: result for key, result in inside.items() if "/" not in key and "[" not in key}
    return still_valid(plan, own)


def run_for_each(parent: JobRun, task: TaskPlan, scope: Scope, limit: Limit | None) -> TaskResult:
    """Run a task once for each element of a list.

    Raises:
        PlanError: The inputs are no JSON list.
    """
    location = parent.context.locate(f"{task.path}.for_each_task.inputs")
    inputs = _inputs(
        resolve(localise(parent.context.bundle, task.body.get("inputs")), scope, location=location), location
    )
    inner = nested_task(task)
    label = parent.label(task)
    workers = max(int(task.body.get("concurrency") or 1), 1)
    parent.context.expect(len(inputs))

    def iterate(index: int) -> TaskResult:
        parent.context.expect(-1)
        key = f"{label}[{index}]"
        try:
            result = parent.execute(inner, label=key, scope=scope.with_input(inputs[index]), limit=limit)
            parent.context.record(key, result)
        except SystemExit:  # it ends the run, which must not wait for the other elements
            parent.context.cancelled.set()
            raise
        return result

    with ThreadPoolExecutor(max_workers=workers, thread_name_prefix=f"loop {label}") as pool:
        results = list(pool.map(iterate, range(len(inputs))))
    return _loop_result(results)


def _inputs(value: Any, location: str) -> list[Any]:
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError as error:
            raise PlanError(
                "the inputs of a for_each task are no JSON list",
                detail=f"{value[:200]}\n{error}",
                location=location,
                fix='write a list, such as [1, 2] or ["a", "b"], or refer to a task value that is one',
            ) from error
    if not isinstance(value, list):
        raise PlanError(
            "the inputs of a for_each task are no list",
            detail=f"{type(value).__name__}: {json.dumps(value)[:200]}",
            location=location,
            fix="hand over a JSON list",
        )
    return value


def _loop_result(results: list[TaskResult]) -> TaskResult:
    bad = [index for index, result in enumerate(results) if result.standing is Standing.FAILED]
    note = f"{len(results) - len(bad)} of {len(results)} iterations succeeded"
    executed = any(result.executed for result in results) or not results
    if not bad:
        return TaskResult(Status.SUCCESS, Standing.SUCCEEDED, notes=(note,), executed=executed)
    first = results[bad[0]].problem
    detail = "\n".join(part for part in (first.summary, first.detail) if part) if first else None
    problem = Problem(
        f"iteration {bad[0]} of {len(results)} failed"
        if len(bad) == 1
        else f"{len(bad)} of {len(results)} iterations failed",
        detail=detail,
        location=first.location if first else None,
        fix=first.fix if first else None,
    )
    timed_out = any(result.timed_out for result in results)
    return TaskResult(
        Status.FAILED,
        Standing.FAILED,
        problem.summary,
        problem,
        notes=(note,),
        executed=executed,
        timed_out=timed_out,
    )


def _job_key(parent: JobRun, job_id: str, location: str) -> str:
    """The key of a job that `job_id` names: locally the reference `${resources.jobs.<key>.id}` stays as it is."""
    jobs = parent.context.bundle.jobs
    name = job_id.removeprefix("${resources.jobs.").removesuffix(".id}")
    if name in jobs:
        return name
    for key, job in jobs.items():
        if str(job.get("id") or "") == job_id:
            return key
    raise PlanError(
        f"`job_id: {job_id}` names no job of this bundle",
        location=location,
        fix=f"write job_id: ${{resources.jobs.<job>.id}}; {nearest(name, jobs)}",
    )


def _job_result(nested: JobRun, standing: Standing) -> TaskResult:
    results = list(nested.results.values())
    executed = any(result.executed or result.reused_from for result in results)
    done = sum(result.status is Status.SUCCESS for result in results)
    note = f"{done} of {len(results)} tasks succeeded"
    if standing is Standing.FAILED:
        key, worst = next(
            ((key, r) for key, r in nested.results.items() if r.status in {Status.FAILED, Status.CONFIG}),
            next(iter(nested.results.items())),
        )
        inner = worst.problem or Problem(worst.reason or "failed")
        problem = replace(inner, summary=f"task `{key}` of job `{nested.plan.key}` failed: {inner.summary}")
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
        missing = ", ".join(key for key, r in nested.results.items() if not (r.executed or r.reused_from))
        reason = f"not executed here: {missing}"
        return TaskResult(Status.SKIPPED, Standing.BLOCKED, reason, notes=(note,), executed=executed)
    return TaskResult(Status.SUCCESS, standing, notes=(note,), executed=executed)
