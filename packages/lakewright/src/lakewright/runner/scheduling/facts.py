"""What `{{job.…}}` and `{{tasks.<key>.…}}` are in a running job."""

from __future__ import annotations

from lakewright.runner.planning.graph import JobPlan, TaskPlan
from lakewright.runner.planning.parameters import job_id
from lakewright.runner.planning.selection import is_unselected
from lakewright.runner.record.result import Standing, TaskResult
from lakewright.runner.scheduling.run_context import RunContext
from lakewright.runner.values.local_values import localise
from lakewright.runner.values.scope import JobFacts, TaskFacts


def job_facts(context: RunContext, plan: JobPlan, *, run_id: int, called: bool) -> JobFacts:
    """The facts of a job that starts; it has no parameters yet.

    Args:
        context: The run.
        plan: The job.
        run_id: The number of its run.
        called: Whether a task of another job runs it.
    """
    trigger = plan.spec.get("trigger") or {}
    return JobFacts(
        id=job_id(plan),
        run_id=run_id,
        name=plan.name,
        parameters={},
        start_time=context.started_at,
        repair_count=context.repair_count,
        trigger_type="run_job_task" if called else "one_time",
        file_location=str(localise(context.bundle, (trigger.get("file_arrival") or {}).get("url") or "")),
    )


def starting_task(task: TaskPlan, *, run_id: int, attempt: int) -> TaskFacts:
    """The facts of a task at the start of an attempt."""
    return TaskFacts(task.key, run_id, attempt, notebook_path=_notebook_path(task))


def ended_task(task: TaskPlan, result: TaskResult, *, run_id: int) -> TaskFacts:
    """The facts of a task that has ended."""
    return TaskFacts(
        task.key,
        run_id,
        result.attempt,
        notebook_path=_notebook_path(task),
        result_state=result.result_state,
        error_code="RunExecutionError" if result.standing is Standing.FAILED else None,
        values=result.values,
        rows=result.rows,
        selected=not is_unselected(result),
    )


def _notebook_path(task: TaskPlan) -> str:
    return str(task.body.get("notebook_path") or "")
