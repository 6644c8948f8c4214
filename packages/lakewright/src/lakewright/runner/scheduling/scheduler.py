"""Which task may start now: a pure state machine over the graph, without processes, threads or a clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from lakewright.runner.planning.graph import Dependency, RunIf, TaskPlan


class Standing(StrEnum):
    """How a finished task counts for the tasks that depend on it.

    EXCLUDED tasks were left out and count as successful; BLOCKED ones were not executed here, because they
    or something before them need a workspace: nothing is known about their result.
    """

    SUCCEEDED = "succeeded"
    FAILED = "failed"
    EXCLUDED = "excluded"
    BLOCKED = "blocked"


class Edge(StrEnum):
    """How one dependency looks from the task behind it."""

    SUCCEEDED = "succeeded"
    FAILED = "failed"
    EXCLUDED = "excluded"
    BLOCKED = "blocked"
    UNMET = "unmet"


@dataclass(frozen=True)
class Settled:
    """The end of a task: its standing, the outcome of a condition task, and why it was not executed."""

    standing: Standing
    outcome: str | None = None
    reason: str | None = None


def decide(run_if: RunIf, edges: Mapping[str, Edge]) -> Settled | None:
    """Whether a task runs whose dependencies have all ended.

    Args:
        run_if: The task's condition.
        edges: How each dependency ended, by task key.

    Returns:
        None when the task runs, else how it counts and why.

    Source: https://docs.databricks.com/en/jobs/conditional-tasks.html; BLOCKED is ours: what was not
        executed here proves neither success nor failure.
    """
    kinds = set(edges.values())
    if not edges:
        return None
    if kinds <= {Edge.EXCLUDED, Edge.UNMET, Edge.BLOCKED}:
        return _blocked(edges) if Edge.BLOCKED in kinds else _excluded(edges)
    return _RULES[run_if](edges, kinds)


def _all_success(edges: Mapping[str, Edge], kinds: set[Edge]) -> Settled | None:
    if Edge.FAILED in kinds:
        return _upstream_failed(edges)
    if Edge.BLOCKED in kinds:
        return _blocked(edges)
    return _excluded(edges) if Edge.UNMET in kinds else None


def _none_failed(edges: Mapping[str, Edge], kinds: set[Edge]) -> Settled | None:
    if Edge.FAILED in kinds:
        return _upstream_failed(edges)
    return _blocked(edges) if Edge.BLOCKED in kinds else None


def _one_success(edges: Mapping[str, Edge], kinds: set[Edge]) -> Settled | None:
    if Edge.SUCCEEDED in kinds:
        return None
    return _blocked(edges) if Edge.BLOCKED in kinds else _upstream_failed(edges)


def _all_done(edges: Mapping[str, Edge], kinds: set[Edge]) -> Settled | None:
    del edges, kinds
    return None


def _one_failed(edges: Mapping[str, Edge], kinds: set[Edge]) -> Settled | None:
    if Edge.FAILED in kinds:
        return None
    return _blocked(edges) if Edge.BLOCKED in kinds else _no_failure()


def _all_failed(edges: Mapping[str, Edge], kinds: set[Edge]) -> Settled | None:
    if kinds == {Edge.FAILED}:
        return None
    return _blocked(edges) if kinds == {Edge.FAILED, Edge.BLOCKED} else _no_failure()


_RULES = {
    RunIf.ALL_SUCCESS: _all_success,
    RunIf.AT_LEAST_ONE_SUCCESS: _one_success,
    RunIf.NONE_FAILED: _none_failed,
    RunIf.ALL_DONE: _all_done,
    RunIf.AT_LEAST_ONE_FAILED: _one_failed,
    RunIf.ALL_FAILED: _all_failed,
}


def _names(edges: Mapping[str, Edge], *kinds: Edge) -> str:
    return ", ".join(f"`{key}`" for key, kind in edges.items() if kind in kinds)


def _upstream_failed(edges: Mapping[str, Edge]) -> Settled:
    return Settled(Standing.FAILED, reason=f"upstream failed: {_names(edges, Edge.FAILED)}")


def _blocked(edges: Mapping[str, Edge]) -> Settled:
    return Settled(
        Standing.BLOCKED, reason=f"needs the result of {_names(edges, Edge.BLOCKED)}, not executed here"
    )


def _excluded(edges: Mapping[str, Edge]) -> Settled:
    if unmet := _names(edges, Edge.UNMET):
        return Settled(Standing.EXCLUDED, reason=f"the other branch of {unmet} was taken")
    return Settled(Standing.EXCLUDED, reason=f"left out with {_names(edges, Edge.EXCLUDED)}")


def _no_failure() -> Settled:
    return Settled(Standing.EXCLUDED, reason="runs only after a failure, and there was none")


class Scheduler:
    """Keeps what has ended and says what may start; it starts nothing itself.

    Args:
        tasks: The job's tasks.
        settled: Tasks that count as ended from the beginning (results taken over, or not selected).
    """

    def __init__(self, tasks: tuple[TaskPlan, ...], *, settled: Mapping[str, Settled] | None = None) -> None:
        self._tasks = tasks
        self._settled = dict(settled or {})
        self._running: set[str] = set()

    @property
    def settled(self) -> Mapping[str, Settled]:
        """Every task that has ended, with its end."""
        return self._settled

    @property
    def running(self) -> frozenset[str]:
        """Keys of the tasks that were handed out and have not ended."""
        return frozenset(self._running)

    @property
    def finished(self) -> bool:
        """Whether every task has ended."""
        return len(self._settled) == len(self._tasks)

    def next(self) -> tuple[list[TaskPlan], list[tuple[TaskPlan, Settled]]]:
        """Tasks to start now, and tasks that ended without being started; both are remembered."""
        start: list[TaskPlan] = []
        left_out: list[tuple[TaskPlan, Settled]] = []
        while (found := self._decidable()) is not None:
            task, end = found
            if end is None:
                self._running.add(task.key)
                start.append(task)
            else:
                self._settled[task.key] = end
                left_out.append((task, end))
        return start, left_out

    def finish(self, key: str, end: Settled) -> None:
        """Remember how a task that was handed out has ended."""
        self._running.remove(key)
        self._settled[key] = end

    def _decidable(self) -> tuple[TaskPlan, Settled | None] | None:
        for task in self._tasks:
            if task.key in self._settled or task.key in self._running:
                continue
            if all(item.task_key in self._settled for item in task.depends_on):
                return task, self._end(task)
        return None

    def _end(self, task: TaskPlan) -> Settled | None:
        edges = {item.task_key: self._edge(item) for item in task.depends_on}
        end = decide(task.run_if, edges)
        if end is None and task.disabled:
            return Settled(Standing.EXCLUDED, reason="disabled in the bundle")
        return end

    def _edge(self, dependency: Dependency) -> Edge:
        end = self._settled[dependency.task_key]
        if end.standing is Standing.SUCCEEDED and dependency.outcome is not None:
            met = end.outcome is None or end.outcome == dependency.outcome
            return Edge.SUCCEEDED if met else Edge.UNMET
        return Edge(end.standing.value)


def job_standing(tasks: tuple[TaskPlan, ...], settled: Mapping[str, Settled]) -> Standing:
    """How a whole job counts: as on Databricks, by the tasks on which no other task depends."""
    upstream = {item.task_key for task in tasks for item in task.depends_on}
    leaves = {
        settled[task.key].standing for task in tasks if task.key not in upstream and task.key in settled
    }
    if Standing.FAILED in leaves:
        return Standing.FAILED
    if Standing.BLOCKED in leaves:
        return Standing.BLOCKED
    return Standing.SUCCEEDED
