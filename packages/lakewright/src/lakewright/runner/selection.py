"""Which tasks of a job are run: all of them, `--only`, `--from`, or what a failed run left to do."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from lakewright.runner.context import RunOptions
from lakewright.runner.errors import ResumeError
from lakewright.runner.plan import JobPlan
from lakewright.runner.results import Status, TaskResult
from lakewright.runner.scheduler import Standing


def select(plan: JobPlan, options: RunOptions) -> dict[str, TaskResult]:
    """Results of the tasks that are not selected; they count as done for the tasks behind them.

    Raises:
        PlanError: A selected task does not exist.
    """
    keys = {task.key for task in plan.tasks}
    chosen = {plan.task(key).key for key in options.only} if options.only else set(keys)
    if options.start_from is not None:
        chosen &= _from(plan, plan.task(options.start_from).key)
    reason = "not selected"
    return {
        task.key: TaskResult(Status.SKIPPED, Standing.SUCCEEDED, reason, executed=False)
        for task in plan.tasks
        if task.key not in chosen
    }


def _from(plan: JobPlan, start: str) -> set[str]:
    """A task and everything that comes after it."""
    found = {start}
    grown = True
    while grown:
        more = {
            task.key
            for task in plan.tasks
            if task.key not in found and any(item.task_key in found for item in task.depends_on)
        }
        grown = bool(more)
        found |= more
    return found


def job_hash(job: Mapping[str, Any]) -> str:
    """A mark of a job's definition: the same mark, the same job."""
    return hashlib.sha256(json.dumps(job, sort_keys=True, default=str).encode()).hexdigest()[:16]


def resume_from(
    plan: JobPlan, records: list[dict[str, Any]], parameters: Mapping[str, str]
) -> tuple[str, dict[str, TaskResult]]:
    """The run to resume, and the results that are taken over from it.

    Args:
        plan: The job as it is now.
        records: Records of its earlier runs, the newest first.
        parameters: The parameters of this run.

    Raises:
        ResumeError: There is no run to resume, or the job or its parameters are no longer the same.
    """
    record = next(iter(records), None)
    if record is None or record.get("status") == "success":
        raise ResumeError(
            f"there is no failed run of `{plan.key}` to resume",
            detail="it has never run here"
            if record is None
            else f"its last run, {record['run_id']}, succeeded",
            mend=f"run it from the beginning: lakewright run {plan.key}",
        )
    _refuse_changes(plan, record, parameters)
    keys = {task.key for task in plan.tasks}
    taken = {
        str(task["key"]): _reused(task, str(record["run_id"]))
        for task in record.get("tasks") or []
        if task["key"] in keys and task.get("status") == Status.SUCCESS.value
    }
    return str(record["run_id"]), taken


def _refuse_changes(plan: JobPlan, record: Mapping[str, Any], parameters: Mapping[str, str]) -> None:
    before = record.get("parameters") or {}
    changed = sorted(name for name in {*before, *parameters} if before.get(name) != parameters.get(name))
    if changed:
        raise ResumeError(
            f"run {record['run_id']} had other parameters",
            detail="\n".join(
                f"{name}: then {before.get(name)!r}, now {parameters.get(name)!r}" for name in changed
            ),
            mend="resume with the same --param, or run from the beginning without --resume",
        )
    if record.get("job_hash") and record["job_hash"] != job_hash(plan.spec):
        raise ResumeError(
            f"job `{plan.key}` is no longer what it was in run {record['run_id']}",
            detail=_difference(plan, record),
            location=plan.path,
            mend="run it from the beginning, or from one task on: --from TASK",
        )


def _difference(plan: JobPlan, record: Mapping[str, Any]) -> str:
    before: Mapping[str, str] = record.get("task_hashes") or {}
    after = task_hashes(plan)
    lines = [f"task `{key}` is new" for key in after if key not in before]
    lines += [f"task `{key}` is gone" for key in before if key not in after]
    lines += [f"task `{key}` has changed" for key in after if key in before and before[key] != after[key]]
    return "\n".join(lines) or "its own settings have changed (parameters, run_as, limits, clusters)"


def task_hashes(plan: JobPlan) -> dict[str, str]:
    """Marks of the definitions of a job's tasks."""
    return {task.key: job_hash(task.spec) for task in plan.tasks}


def _reused(task: Mapping[str, Any], run_id: str) -> TaskResult:
    report = {name: task.get(name) for name in ("rows_in", "rows_out", "tables")}
    return TaskResult(
        Status.SUCCESS,
        Standing.SUCCEEDED,
        reason=f"taken over from run {run_id}",
        outcome=task.get("outcome"),
        values=task.get("values") or {},
        exit_value=task.get("exit_value"),
        seconds=float(task.get("seconds") or 0),
        attempt=int(task.get("attempt") or 1),
        executed=False,
        notes=tuple(task.get("notes") or ()),
        report={**report, **(task.get("report") or {})},
        reused_from=task.get("reused_from") or run_id,
    )
