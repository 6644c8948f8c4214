"""Which tasks of a job are run: all of them, `--only`, `--from`, or what a failed run left to do."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from lakewright.runner.errors import ResumeError
from lakewright.runner.planning.graph import JobPlan
from lakewright.runner.record.redaction import MARK
from lakewright.runner.record.result import Status, TaskResult
from lakewright.runner.scheduling.context import RunOptions
from lakewright.runner.scheduling.scheduler import Standing

# What begins the part of a key path that is inside a task.
_INSIDE = re.compile(r"[/\[]")
# Standings of tasks that were not executed and did not fail.
_DECIDED_AGAIN = frozenset({Standing.EXCLUDED.value, Standing.BLOCKED.value})
DIRTY = "-dirty"
_SHA = re.compile("[0-9a-f]{40}")
_JOB_REFERENCE = re.compile(r"\$\{resources\.jobs\.([^.}]+)\.id\}")


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


def _from(plan: JobPlan, start: str, *, stop: Collection[str] = ()) -> set[str]:
    """A task and everything that comes after it, but nothing through the tasks where it stops."""
    found = {start}
    grown = True
    while grown:
        more = {
            task.key
            for task in plan.tasks
            if task.key not in found
            and task.key not in stop
            and any(item.task_key in found for item in task.depends_on)
        }
        grown = bool(more)
        found |= more
    return found


@dataclass(frozen=True)
class Definition:
    """Marks of a job's definition, and of the jobs that it runs: the same marks, the same job.

    Attributes:
        commit: The commit of the sources; a job that names it is still the same job after the next commit.
        job: Over everything.
        tasks: By job and task, for telling what has changed.
    """

    commit: str
    job: str
    tasks: Mapping[str, str]


def definition_of(plan: JobPlan, jobs: Mapping[str, Mapping[str, Any]], *, commit: str) -> Definition:
    """The marks of a job and of all jobs that it runs, near or far."""
    found: dict[str, Mapping[str, Any]] = {plan.key: plan.spec}
    waiting = [plan.spec]
    while waiting:
        for key in _jobs_named_in(waiting.pop()):
            if key in jobs and key not in found:
                found[key] = jobs[key]
                waiting.append(jobs[key])
    tasks = {
        str(task.get("task_key")) if key == plan.key else f"{key}.{task.get('task_key')}": _mark(task, commit)
        for key, job in found.items()
        for task in job.get("tasks") or []
    }
    return Definition(commit, _mark(found, commit), tasks)


def _jobs_named_in(job: Mapping[str, Any]) -> list[str]:
    return _JOB_REFERENCE.findall(json.dumps(job, default=str))


def _mark(value: Any, commit: str) -> str:
    text = _without_commit(json.dumps(value, sort_keys=True, default=str), commit)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _without_commit(text: str, commit: str) -> str:
    sha = commit.removesuffix(DIRTY)
    return re.sub(f"{sha}({DIRTY})?", "<commit>", text) if _SHA.fullmatch(sha) else text


def resume_from(
    plan: JobPlan,
    definition: Definition,
    records: list[dict[str, Any]],
    parameters: Mapping[str, str],
    unselected: Collection[str] = (),
) -> tuple[str, dict[str, TaskResult]]:
    """The run to resume, and its successful results by key path, those inside nested jobs too.

    Args:
        plan: The job as it is now.
        definition: Its marks, see `definition_of`.
        records: Records of its earlier runs, the newest first.
        parameters: The parameters of this run, secrets taken out as in the records.
        unselected: Tasks that this run leaves out anyway.

    Returns:
        The run's id, and the results that still hold: nothing behind a task that is repeated.

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
            fix=f"run it from the beginning: lakewright run {plan.key}",
        )
    _refuse_changes(plan, definition, record, parameters)
    taken = {
        str(task["key"]): _reused(task, str(record["run_id"]))
        for task in record.get("tasks") or []
        if task.get("status") == Status.SUCCESS.value and not _was_redacted(task)
    }
    idle = {str(task["key"]) for task in record.get("tasks") or [] if task.get("standing") in _DECIDED_AGAIN}
    return str(record["run_id"]), still_valid(plan, taken, idle=idle, unselected=unselected)


def _was_redacted(task: Mapping[str, Any]) -> bool:
    """Whether a task gave a secret to those behind it: the record does not have it, so the task is repeated."""
    return MARK in json.dumps([task.get("values"), task.get("exit_value")], default=str)


def still_valid(
    plan: JobPlan,
    taken: Mapping[str, TaskResult],
    *,
    idle: Collection[str] = (),
    unselected: Collection[str] = (),
) -> dict[str, TaskResult]:
    """Earlier results without those that came after a task which is now repeated.

    Args:
        plan: The job.
        taken: Results by key; those inside its tasks (`call/inner`, `loop[0]`) may be among them.
        idle: Tasks that were left out then, and will be again if nothing before them is repeated.
        unselected: Tasks that are not run now; what is behind one finds its tables as they were.
    """
    own = {task.key for task in plan.tasks}
    repeated = own - {*taken, *idle, *unselected}
    behind: set[str] = set()
    for start in repeated:
        behind |= _from(plan, start, stop=unselected) - {start}
    return {key: result for key, result in taken.items() if own_key(key) not in behind}


def own_key(path: str) -> str:
    """The job's own task in a key path: `call` of `call/inner` and of `call[0]`."""
    return _INSIDE.split(path, maxsplit=1)[0]


def _refuse_changes(
    plan: JobPlan, definition: Definition, record: Mapping[str, Any], parameters: Mapping[str, str]
) -> None:
    before = record.get("parameters") or {}
    then = {
        name: _without_commit(str(value), str(record.get("git_sha") or "")) for name, value in before.items()
    }
    # Whoever fixes the code makes a new commit.
    now = {name: _without_commit(value, definition.commit) for name, value in parameters.items()}
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
    if record.get("job_hash") and record["job_hash"] != definition.job:
        raise ResumeError(
            f"job `{plan.key}` is no longer what it was in run {record['run_id']}",
            detail=_difference(definition, record),
            location=plan.path,
            fix="run it from the beginning, or from one task on: --from TASK",
        )


def _difference(definition: Definition, record: Mapping[str, Any]) -> str:
    before: Mapping[str, str] = record.get("task_hashes") or {}
    after = definition.tasks
    lines = [f"task `{key}` is new" for key in after if key not in before]
    lines += [f"task `{key}` is gone" for key in before if key not in after]
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
