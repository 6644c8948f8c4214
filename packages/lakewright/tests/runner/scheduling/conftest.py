"""Jobs whose tasks are functions of the test: no process, no engine, only the run's record is on disk."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from lakewright.bundle import Bundle
from lakewright.runner.handover.problem import Problem
from lakewright.runner.planning.attempt import Attempt
from lakewright.runner.planning.options import RunOptions
from lakewright.runner.record.result import Standing, Status, TaskResult
from lakewright.runner.record.summary import RunSummary
from lakewright.runner.run_job import run_job

# What a task does: it gets its attempt, and returns its task values, its result, or None. An error is its failure.
Work = Callable[[Attempt], Mapping[str, Any] | TaskResult | None]


class InMemoryExecutor:
    """Runs each attempt by the function of its task; a task without one succeeds.

    Attributes:
        seen: The attempts, in the order in which they began.
    """

    def __init__(self, work: Mapping[str, Work]) -> None:
        self.seen: list[Attempt] = []
        self.outstanding = 0
        self._work = work
        self._lock = threading.Lock()

    def run(self, attempt: Attempt) -> TaskResult:
        with self._lock:
            self.seen.append(attempt)
        success = TaskResult(Status.SUCCESS, Standing.SUCCEEDED)
        if attempt.task.key not in self._work:
            return success
        try:
            found = self._work[attempt.task.key](attempt)
        except Exception as error:
            problem = Problem(f"{type(error).__name__}: {error}", location=f"{attempt.task.key}.py:2")
            return TaskResult(Status.FAILED, Standing.FAILED, problem.summary, problem)
        if isinstance(found, TaskResult):
            return found
        return TaskResult(Status.SUCCESS, Standing.SUCCEEDED, values=found or {})

    def expect(self, count: int) -> None:
        with self._lock:
            self.outstanding += count

    def labels(self) -> list[str]:
        return [attempt.label for attempt in self.seen]

    def parameters(self, label: str) -> dict[str, str]:
        """What the widgets of a notebook show: its own parameters, and the job's over them."""
        attempt = next(item for item in reversed(self.seen) if item.label == label)
        return {**attempt.body["base_parameters"], **attempt.parameters}


class Jobs:
    """Runs jobs of one project in memory.

    Attributes:
        executor: That of the last run.
    """

    def __init__(self, root: Path, bundle: Callable[..., Bundle]) -> None:
        self.root = root
        self.executor = InMemoryExecutor({})
        self._bundle = bundle

    def task(
        self,
        key: str,
        *,
        after: tuple[str, ...] = (),
        base_parameters: Mapping[str, str] | None = None,
        **more: Any,
    ) -> dict[str, Any]:
        return {
            "task_key": key,
            "notebook_task": {
                "notebook_path": f"notebooks/{key}",
                "base_parameters": dict(base_parameters or {}),
            },
            "depends_on": [{"task_key": name} for name in after],
            **more,
        }

    def bundle(self, *tasks: Mapping[str, Any], **job: Any) -> Bundle:
        return self._bundle(*tasks, **job)

    def run(
        self,
        *tasks: Mapping[str, Any],
        work: Mapping[str, Work] | None = None,
        options: RunOptions | None = None,
        **job: Any,
    ) -> RunSummary:
        return self.run_bundle(self.bundle(*tasks, **job), work=work, options=options)

    def run_bundle(
        self, bundle: Bundle, *, work: Mapping[str, Work] | None = None, **more: Any
    ) -> RunSummary:
        self.executor = InMemoryExecutor(work or {})
        return run_job(bundle, "main", executor=self.executor, **more)


@pytest.fixture
def jobs(project: Any) -> Jobs:
    return Jobs(project.root, project.bundle)


def _breaks(_attempt: Attempt) -> None:
    raise ZeroDivisionError("division by zero")


@pytest.fixture
def breaks() -> Work:
    """What a task does that fails."""
    return _breaks


@pytest.fixture
def statuses() -> Callable[[RunSummary], dict[str, str]]:
    return lambda summary: {key: result.status.value for key, result in summary.tasks.items()}


@pytest.fixture
def executed() -> Callable[[RunSummary], list[str]]:
    return lambda summary: [key for key, result in summary.tasks.items() if result.executed]
