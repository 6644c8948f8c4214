"""`--resume`: what a failed run leaves to do, and which of its results still hold."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from lakewright.runner.errors import RunnerError
from lakewright.runner.handover.redactor import MARK
from lakewright.runner.planning.definition import Definition, without_commit
from lakewright.runner.planning.graph import JobPlan
from lakewright.runner.planning.selection import own_key, with_all_behind
from lakewright.runner.record.result import Standing, Status, TaskResult

# Standings of tasks that were not executed and did not fail: they are decided anew.
_DECIDED_AGAIN = frozenset({Standing.EXCLUDED.value, Standing.BLOCKED.value})


class ResumeError(RunnerError, RuntimeError):
    """Raised when there is no run to resume, or the job has changed since."""


def resume_from(
    plan: JobPlan,
    definition: Definition,
    records: Sequence[Mapping[str, Any]],
    parameters: Mapping[str, str],
    unselected: Collection[str] = (),
) -> tuple[str, dict[str, TaskResult]]:
    """The run to resume, and its successful results by key path, those inside nested jobs too.

    Args:
        plan: The job as it is now.
        definition: Its marks, see `definition_of`.
        records: Records of its earlier runs, the newest first.
        parameters: The parameters of this run, without secrets, as the records have them.
        unselected: Tasks that this run does not run.

    Returns:
        The run's id, and the results that still hold: none of a task behind one that is repeated.

    Raises:
        ResumeError: There is no run to resume, or the job or its parameters have changed.
    """
    record = next(iter(records), None)
    if record is None or record.get("status") == "success":
        raise ResumeError(
            f"there is no failed run of `{plan.key}` to resume",
            detail="it has never run here"
            if record is None
            else f"its last run, {record['run_id']}, succeeded",
            fix=f"run it from the beginning: lakewright run {plan.key}",
        )
    _refuse_other_parameters(definition, record, parameters)
    _refuse_another_definition(plan, definition, record)
    tasks: Sequence[Mapping[str, Any]] = record.get("tasks") or []
    taken = {
        str(task["key"]): _reused(task, str(record["run_id"]))
        for task in tasks
        if task.get("status") == Status.SUCCESS.value and not _was_redacted(task)
    }
    idle = {str(task["key"]) for task in tasks if task.get("standing") in _DECIDED_AGAIN}
    return str(record["run_id"]), still_valid(plan, taken, idle=idle, unselected=unselected)


def still_valid(
    plan: JobPlan,
    taken: Mapping[str, TaskResult],
    *,
    idle: Collection[str] = (),
    unselected: Collection[str] = (),
) -> dict[str, TaskResult]:
    """Earlier results without those of tasks behind a task that is now repeated.

    Args:
        plan: The job.
        taken: Results by key; those inside its tasks (`call/inner`, `loop[0]`) may be among them.
        idle: Tasks that were left out then, and will be again if no task before them is repeated.
        unselected: Tasks that are not run now; a task behind one finds its tables unchanged.
    """
    repeated = {task.key for task in plan.tasks} - {*taken, *idle, *unselected}
    behind: set[str] = set()
    for start in repeated:
        behind |= with_all_behind(plan, start, stop=unselected) - {start}
    return {key: result for key, result in taken.items() if own_key(key) not in behind}


def _was_redacted(task: Mapping[str, Any]) -> bool:
    """Whether a task passed a secret on: the record does not have it, so the task is repeated."""
    return MARK in json.dumps([task.get("values"), task.get("exit_value")], default=str)


def _refuse_other_parameters(
    definition: Definition, record: Mapping[str, Any], parameters: Mapping[str, str]
) -> None:
    before: Mapping[str, Any] = record.get("parameters") or {}
    # A fix of the code is a new commit: a parameter that names the commit may differ by it.
    then = {
        name: without_commit(str(value), str(record.get("git_sha") or "")) for name, value in before.items()
    }
    now = {name: without_commit(value, definition.commit) for name, value in parameters.items()}
    changed = sorted(
        name
        for name in {*before, *parameters}
        if before.get(name) != parameters.get(name) and then.get(name) != now.get(name)
    )
    if changed:
        raise ResumeError(
            f"run {record['run_id']} had other parameters",
            detail="\n".join(
                f"{name}: then {before.get(name)!r}, now {parameters.get(name)!r}" for name in changed
            ),
            fix="resume with the same --param, or run from the beginning without --resume",
        )


def _refuse_another_definition(plan: JobPlan, definition: Definition, record: Mapping[str, Any]) -> None:
    if record.get("job_hash") and record["job_hash"] != definition.job:
        raise ResumeError(
            f"job `{plan.key}` has changed since run {record['run_id']}",
            detail=_difference(definition, record),
            location=plan.path,
            fix="run it from the beginning, or from one task on: --from TASK",
        )


def _difference(definition: Definition, record: Mapping[str, Any]) -> str:
    before: Mapping[str, str] = record.get("task_hashes") or {}
    after = definition.tasks
    lines = [f"task `{key}` is new" for key in after if key not in before]
    lines += [f"task `{key}` was removed" for key in before if key not in after]
    lines += [f"task `{key}` has changed" for key in after if key in before and before[key] != after[key]]
    return "\n".join(lines) or "its own settings have changed (parameters, run_as, limits, clusters)"


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
