"""`--resume`: what failed runs leave to do, and which of their results still hold."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from itertools import takewhile
from typing import Any

from lakewright.runner.errors import RunnerError
from lakewright.runner.handover.redactor import MARK
from lakewright.runner.planning.definition import Definition, without_commit
from lakewright.runner.planning.graph import JobPlan
from lakewright.runner.planning.selection import own_key, with_all_behind
from lakewright.runner.record.result import Standing, Status, TaskResult

Record = Mapping[str, Any]
# Standings of tasks that were not executed and did not fail: they are decided again.
_DECIDED_AGAIN = frozenset({Standing.EXCLUDED.value, Standing.DISABLED.value, Standing.BLOCKED.value})


class ResumeError(RunnerError, RuntimeError):
    """Raised when there is no run to resume, or the job has changed since."""


def resume_from(
    plan: JobPlan,
    definition: Definition,
    records: Sequence[Record],
    parameters: Mapping[str, str],
    unselected: Collection[str] = (),
) -> tuple[Record, dict[str, TaskResult]]:
    """The run to resume, and the results by task path that still hold, those inside called jobs too.

    All runs since the last one that ran the whole job with success are looked at. A result holds until a later run
    executes its task, or a task before it.

    Args:
        plan: The job as it is now.
        definition: Its hashes, see `definition_of`.
        records: Records of its earlier runs, the newest first.
        parameters: The parameters of this run, without secrets, as the records have them.
        unselected: Tasks that this run does not run.

    Returns:
        The record of the run, and the results; none of a task behind one that is repeated.

    Raises:
        ResumeError: There is no run to resume, nothing is left to do, or the job or its parameters have changed.
    """
    recent = list(takewhile(lambda record: not _ran_all(record), records))
    failed = [record for record in recent if record.get("status") != "success"]
    if not failed:
        raise ResumeError(
            f"there is no failed run of `{plan.key}` to resume",
            detail=f"its last run, {records[0]['run_id']}, succeeded" if records else "it has never run here",
            fix=f"run it from the beginning: lakewright run {plan.key}",
        )
    same = [record for record in failed if _is_same(definition, record, parameters)]
    if not same:
        _refuse_other_parameters(definition, failed[0], parameters)
        _refuse_another_definition(plan, definition, failed[0])
    usable = {str(record["run_id"]) for record in recent if _is_same(definition, record, parameters)}
    taken, idle = _results(plan, recent, usable)
    if {task.key for task in plan.tasks} <= {*taken, *idle, *unselected}:
        raise ResumeError(
            f"nothing is left to do in run {same[0]['run_id']} of `{plan.key}`",
            detail="every task that it had to run has succeeded since",
            fix=f"run it from the beginning: lakewright run {plan.key}",
        )
    return same[0], still_valid(plan, taken, idle=idle, unselected=unselected)


def first_run(record: Record, records: Sequence[Record]) -> str:
    """The id of the run that a record continues, directly or through other resumed runs; its own if it is the first.

    Args:
        record: The record of a run.
        records: Records of the job's runs.
    """
    by_id = {str(other["run_id"]): other for other in records}
    while (earlier := record.get("resumed_from")) and str(earlier) in by_id:
        record = by_id[str(earlier)]
    return str(record.get("resumed_from") or record["run_id"])


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
        taken: Results by task path; those inside its tasks (`call/inner`, `loop[0]`) may be among them.
        idle: Tasks that were skipped then, and will be again if no task before them is repeated.
        unselected: Tasks that are not run now; a task behind one finds its tables unchanged.
    """
    repeated = {task.key for task in plan.tasks} - {*taken, *idle, *unselected}
    behind: set[str] = set()
    for start in repeated:
        behind |= with_all_behind(plan, start, stop=unselected) - {start}
    return {key: result for key, result in taken.items() if own_key(key) not in behind}


def _ran_all(record: Record) -> bool:
    """Whether a run succeeded with all tasks of the job: nothing from before it is left to do."""
    return record.get("status") == "success" and not any(map(_was_left_out, _tasks(record)))


def _was_left_out(task: Record) -> bool:
    """Whether `--only` or `--from` left a task out."""
    return task.get("status") == Status.SKIPPED.value and task.get("standing") == Standing.SUCCEEDED.value


def _is_same(definition: Definition, record: Record, parameters: Mapping[str, str]) -> bool:
    same_job = not record.get("job_hash") or record["job_hash"] == definition.job
    return same_job and not _changed_parameters(definition, record, parameters)


def _results(
    plan: JobPlan, records: Sequence[Record], usable: Collection[str]
) -> tuple[dict[str, TaskResult], set[str]]:
    """The results that the runs have left, and the tasks that the last of them skipped.

    Args:
        plan: The job.
        records: The records, the newest first.
        usable: Ids of the runs of the same job with the same parameters; the others only make results obsolete.
    """
    results: dict[str, TaskResult] = {}
    idle: set[str] = set()
    for record in reversed(records):
        obsolete = _obsolete_after(plan, record)
        results = {key: result for key, result in results.items() if own_key(key) not in obsolete}
        idle -= obsolete
        if str(record["run_id"]) in usable:
            results.update(_successes(record))
            idle |= {str(task["key"]) for task in _tasks(record) if task.get("standing") in _DECIDED_AGAIN}
    return results, idle


def _obsolete_after(plan: JobPlan, record: Record) -> set[str]:
    """Tasks whose earlier results no longer hold: those that a run executed, and all behind them."""
    tasks = {str(task["key"]): task for task in _tasks(record)}
    executed = {own_key(key) for key, task in tasks.items() if task.get("executed")}
    if record.get("status") == "killed":  # a task that ran at that moment is not in the record
        executed |= {task.key for task in plan.tasks} - set(tasks)
    known = {task.key for task in plan.tasks}
    return {key for start in executed & known for key in with_all_behind(plan, start)}


def _successes(record: Record) -> dict[str, TaskResult]:
    return {
        str(task["key"]): _reused(task, str(record["run_id"]))
        for task in _tasks(record)
        if task.get("status") == Status.SUCCESS.value and not _was_redacted(task)
    }


def _tasks(record: Record) -> Sequence[Record]:
    return record.get("tasks") or []


def _was_redacted(task: Record) -> bool:
    """Whether a task passed a secret on: the record does not have it, so the task is repeated."""
    return MARK in json.dumps([task.get("values"), task.get("rows"), task.get("exit_value")], default=str)


def _changed_parameters(definition: Definition, record: Record, parameters: Mapping[str, str]) -> list[str]:
    before: Mapping[str, Any] = record.get("parameters") or {}
    # A fix of the code is a new commit: a parameter that names the commit may differ by it.
    then = {
        name: without_commit(str(value), str(record.get("git_sha") or "")) for name, value in before.items()
    }
    now = {name: without_commit(value, definition.commit) for name, value in parameters.items()}
    return sorted(
        name
        for name in {*before, *parameters}
        if before.get(name) != parameters.get(name) and then.get(name) != now.get(name)
    )


def _refuse_other_parameters(definition: Definition, record: Record, parameters: Mapping[str, str]) -> None:
    before: Mapping[str, Any] = record.get("parameters") or {}
    changed = _changed_parameters(definition, record, parameters)
    if changed:
        raise ResumeError(
            f"run {record['run_id']} had other parameters",
            detail="\n".join(
                f"{name}: then {before.get(name)!r}, now {parameters.get(name)!r}" for name in changed
            ),
            fix="resume with the same --param, or run from the beginning without --resume",
        )


def _refuse_another_definition(plan: JobPlan, definition: Definition, record: Record) -> None:
    raise ResumeError(
        f"job `{plan.key}` has changed since run {record['run_id']}",
        detail=_difference(definition, record),
        location=plan.path,
        fix="run it from the beginning, or from one task on: --from TASK",
    )


def _difference(definition: Definition, record: Record) -> str:
    before: Mapping[str, str] = record.get("task_hashes") or {}
    after = definition.tasks
    lines = [f"task `{key}` is new" for key in after if key not in before]
    lines += [f"task `{key}` was removed" for key in before if key not in after]
    lines += [f"task `{key}` has changed" for key in after if key in before and before[key] != after[key]]
    return "\n".join(lines) or "its own settings have changed (parameters, run_as, limits, clusters)"


def _reused(task: Record, run_id: str) -> TaskResult:
    report = {name: task.get(name) for name in ("rows_in", "rows_out", "tables")}
    return TaskResult(
        Status.SUCCESS,
        Standing.SUCCEEDED,
        reason=f"taken over from run {run_id}",
        outcome=task.get("outcome"),
        values=task.get("values") or {},
        rows=task.get("rows"),
        exit_value=task.get("exit_value"),
        seconds=float(task.get("seconds") or 0),
        attempt=int(task.get("attempt") or 1),
        executed=False,
        notes=tuple(task.get("notes") or ()),
        report={**report, **(task.get("report") or {})},
        reused_from=task.get("reused_from") or run_id,
    )
