"""Single tasks: conditions, loops, retries, compute, schedules."""

import json
import re
from collections.abc import Iterator

from databricks_utils.nearest import did_you_mean, listing
from lakewright.bundle.lint.view import JobView, TaskView
from lakewright.bundle.model import Diagnostic

_NUMBER = re.compile(r"[-+]?\d+(\.\d+)?\Z")
_ORDERED = {"EQUAL_TO": "GREATER_THAN_OR_EQUAL", "NOT_EQUAL": "GREATER_THAN"}
_OPERATORS = {
    "EQUAL_TO",
    "NOT_EQUAL",
    "GREATER_THAN",
    "GREATER_THAN_OR_EQUAL",
    "LESS_THAN",
    "LESS_THAN_OR_EQUAL",
}
_COMPUTE = (
    "new_cluster",
    "existing_cluster_id",
    "job_cluster_key",
    "environment_key",
    "compute_key",
    "compute",
)


def check_tasks(job: JobView) -> Iterator[Diagnostic]:
    """Yield what is wrong with single tasks, and with the job's schedule."""
    for task in job.all_tasks:
        yield from _kind(task)
        yield from _condition(task)
        yield from _for_each(task)
        yield from _environment(task)
    yield from _schedule(job)


def _kind(task: TaskView) -> Iterator[Diagnostic]:
    """Demand exactly one kind of task; a deployment of the job is refused otherwise."""
    kinds = sorted(
        field for field, value in task.spec.items() if field.endswith("_task") and value is not None
    )
    if len(kinds) > 1:
        yield task.finding(
            "error", f"the task has more than one kind: {', '.join(kinds)}", kinds[1], fix="keep one"
        )
    if not kinds and not _has_error(task):
        fix = "add a `notebook_task`, for instance"
        yield task.finding("error", "the task says nothing to run", "task_key", fix=fix)


def _has_error(task: TaskView) -> bool:
    return any(
        found.severity == "error" and found.path and found.path.startswith(f"{task.path}.")
        for found in task.job.bundle.diagnostics
    )


def _condition(task: TaskView) -> Iterator[Diagnostic]:
    spec = task.spec.get("condition_task")
    if not isinstance(spec, dict):
        return
    operator = str(spec.get("op") or "")
    if operator and operator not in _OPERATORS:
        fix = did_you_mean(operator, _OPERATORS) or f"use one of {listing(_OPERATORS)}"
        yield task.finding("error", f"conditions know no operator `{operator}`", "condition_task.op", fix=fix)
    for side in ("left", "right"):
        text = str(spec.get(side, "")).strip()
        if operator in _ORDERED and _NUMBER.match(text):
            yield task.finding(
                "warning",
                f"{operator} compares text: `12.0` and `12` differ",
                f"condition_task.{side}",
                detail=f"`{text}` looks like a number",
                fix=f"compare numbers with {_ORDERED[operator]} and its like, or make sure that both sides are written alike",
            )
            return


def _for_each(task: TaskView) -> Iterator[Diagnostic]:
    spec = task.spec.get("for_each_task")
    if not isinstance(spec, dict):
        return
    if task.spec.get("max_retries"):
        yield task.finding(
            "warning",
            "retries on a for-each task do not repeat its iterations",
            "max_retries",
            fix="move `max_retries` into `for_each_task.task`",
        )
    repeated = spec.get("task") or {}
    if repeated and not repeated.get("task_key"):
        yield task.finding(
            "warning",
            "the task that is repeated has no task_key",
            "for_each_task.task",
            fix=f"name it, e.g. `task_key: {task.spec.get('task_key') or 'each'}_iteration`",
        )
    if isinstance(repeated.get("for_each_task"), dict):
        yield task.finding(
            "error",
            "a for-each task cannot repeat another one",
            "for_each_task.task",
            fix="run a job instead: `run_job_task`",
        )
    inputs = str(spec.get("inputs") or "")
    if inputs and "{{" not in inputs and "${" not in inputs and not _is_json_list(inputs):
        yield task.finding(
            "error",
            "the inputs of a for-each task must be a JSON list",
            "for_each_task.inputs",
            detail=f"they are `{inputs}`",
            fix="""write `inputs: '["a", "b"]'`, or a reference such as `{{tasks.x.values.list}}`""",
        )


def _is_json_list(text: str) -> bool:
    try:
        return isinstance(json.loads(text), list)
    except ValueError:
        return False


def _environment(task: TaskView) -> Iterator[Diagnostic]:
    entries = task.job.spec.get("environments") or []
    known = [str(entry["environment_key"]) for entry in entries if entry.get("environment_key")]
    key = task.spec.get("environment_key")
    if key is not None and key not in known and "${" not in str(key):
        yield task.finding(
            "error",
            f"environment_key {key} is not defined",
            "environment_key",
            detail=f"`environments` of this job holds {listing(known)}",
            fix=did_you_mean(str(key), known) or f"add it to `{task.job.path}.environments`",
        )
    python = task.spec.get("spark_python_task") or task.spec.get("python_wheel_task")
    if python and not any(task.spec.get(field) for field in _COMPUTE):
        kind = "spark_python_task" if task.spec.get("spark_python_task") else "python_wheel_task"
        yield task.finding(
            "warning",
            f"a serverless {kind} needs an environment",
            kind,
            detail="the task names neither a cluster nor an environment_key",
            fix="add `environment_key: default` here and `environments: [{environment_key: default, spec: {…}}]` to the job",
        )
    if key is not None and task.spec.get("libraries"):
        yield task.finding(
            "warning",
            "libraries are ignored on a task with an environment_key",
            "libraries",
            fix=f"move them to `spec.dependencies` of the environment `{key}`",
        )


def _schedule(job: JobView) -> Iterator[Diagnostic]:
    schedule = job.spec.get("schedule")
    expression = str(schedule.get("quartz_cron_expression") or "") if isinstance(schedule, dict) else ""
    fields = expression.split()
    if not fields or "${" in expression:
        return
    path = f"{job.path}.schedule.quartz_cron_expression"
    if len(fields) not in {6, 7}:
        unix = (
            " (Unix cron has 5: put the seconds before them and `?` for one of the days)"
            if len(fields) == 5
            else ""
        )
        yield job.finding(
            "error",
            f"a Quartz expression has 6 or 7 fields, this one has {len(fields)}",
            path,
            fix=f"write seconds, minutes, hours, day of month, month, day of week{unix}",
        )
    elif (fields[3] == "?") == (fields[5] == "?"):
        yield job.finding(
            "error",
            "a Quartz expression has `?` for exactly one of day of month and day of week",
            path,
            detail=f"`{expression}`: day of month is `{fields[3]}`, day of week is `{fields[5]}`",
            fix="put `?` for the one that does not matter",
        )
