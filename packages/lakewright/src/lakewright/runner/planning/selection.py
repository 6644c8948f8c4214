"""Selects the tasks to run: all of them, or those that `--only` and `--from` name."""

from __future__ import annotations

import re
from collections.abc import Collection

from lakewright.runner.planning.graph import JobPlan
from lakewright.runner.planning.options import RunOptions
from lakewright.runner.record.result import Standing, Status, TaskResult, skipped

# What separates a task's key from the path inside the task.
_INSIDE = re.compile(r"[/\[]")


def select(plan: JobPlan, options: RunOptions) -> dict[str, TaskResult]:
    """Results for the tasks that are not selected; they count as done for the tasks behind them.

    Raises:
        PlanError: A selected task does not exist.
    """
    chosen = {plan.task(key).key for key in options.only} or {task.key for task in plan.tasks}
    if options.start_from is not None:
        chosen &= with_all_behind(plan, plan.task(options.start_from).key)
    return {
        task.key: skipped(Standing.SUCCEEDED, "not selected") for task in plan.tasks if task.key not in chosen
    }


def is_unselected(result: TaskResult) -> bool:
    """Whether the result belongs to a task that `--only` or `--from` left out."""
    return result.status is Status.SKIPPED and result.standing is Standing.SUCCEEDED


def with_all_behind(plan: JobPlan, start: str, *, stop: Collection[str] = ()) -> set[str]:
    """A task and all tasks that depend on it, directly or not; the search does not go through tasks in `stop`."""
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


def own_key(path: str) -> str:
    """The key of the job's own task at the start of a path.

    Examples:
        >>> own_key("call/inner"), own_key("loop[0]"), own_key("load")
        ('call', 'loop', 'load')
    """
    return _INSIDE.split(path, maxsplit=1)[0]
