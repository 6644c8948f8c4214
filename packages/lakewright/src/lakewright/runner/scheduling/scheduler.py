"""Decides which task may start next. Uses no process, thread or clock."""

from __future__ import annotations

from collections.abc import Mapping

from lakewright.runner.planning.graph import Dependency, TaskPlan
from lakewright.runner.record.result import Standing, TaskResult, skipped
from lakewright.runner.scheduling.run_if import decide


class Scheduler:
    """Decides from the results so far which tasks start and which are skipped.

    Args:
        tasks: The job's tasks.
        ended: Results of tasks that this run does not execute: reused, or not selected.
    """

    def __init__(self, tasks: tuple[TaskPlan, ...], *, ended: Mapping[str, TaskResult] | None = None) -> None:
        self._tasks = tasks
        self._ended = dict(ended or {})
        self._running: set[str] = set()

    @property
    def ended(self) -> Mapping[str, TaskResult]:
        """The results of the tasks that have ended, by key."""
        return self._ended

    @property
    def running(self) -> frozenset[str]:
        """Keys of the tasks that were started and have not ended."""
        return frozenset(self._running)

    @property
    def finished(self) -> bool:
        """Whether every task has ended."""
        return len(self._ended) == len(self._tasks)

    def next(self) -> tuple[list[TaskPlan], list[tuple[TaskPlan, TaskResult]]]:
        """Tasks to start now, and tasks to skip with their results; both count as handled afterwards."""
        start: list[TaskPlan] = []
        left_out: list[tuple[TaskPlan, TaskResult]] = []
        while (found := self._decidable()) is not None:
            task, result = found
            if result is None:
                self._running.add(task.key)
                start.append(task)
            else:
                self._ended[task.key] = result
                left_out.append((task, result))
        return start, left_out

    def skip(self, task: TaskPlan) -> TaskResult | None:
        """The result of a task that must not start; None if it may. Dependencies that have not ended count as done."""
        if task.disabled:
            return skipped(Standing.DISABLED, "disabled in the bundle")
        ended = [item for item in task.depends_on if item.task_key in self._ended]
        return decide(task.run_if, {item.task_key: self._standing(item) for item in ended})

    def finish(self, key: str, result: TaskResult) -> None:
        """Store the result of a task that was started."""
        self._running.remove(key)
        self._ended[key] = result

    def _decidable(self) -> tuple[TaskPlan, TaskResult | None] | None:
        for task in self._tasks:
            if task.key in self._ended or task.key in self._running:
                continue
            if all(item.task_key in self._ended for item in task.depends_on):
                return task, self.skip(task)
        return None

    def _standing(self, dependency: Dependency) -> Standing | None:
        result = self._ended[dependency.task_key]
        if result.standing is Standing.SUCCEEDED and dependency.outcome is not None:
            met = result.outcome is None or result.outcome == dependency.outcome
            return Standing.SUCCEEDED if met else None
        return result.standing


def job_standing(tasks: tuple[TaskPlan, ...], ended: Mapping[str, TaskResult]) -> Standing:
    """How a whole job counts: as on Databricks, by the tasks on which no other task depends."""
    upstream = {item.task_key for task in tasks for item in task.depends_on}
    leaves = {ended[task.key].standing for task in tasks if task.key not in upstream and task.key in ended}
    if Standing.FAILED in leaves:
        return Standing.FAILED
    if Standing.BLOCKED in leaves:
        return Standing.BLOCKED
    return Standing.SUCCEEDED
