"""Retries: repeats a failed task as often as the bundle allows, within its time limits."""

from __future__ import annotations

import itertools
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, replace

from databricks_utils.errors import DiagnosedError
from lakewright.runner.handover.problem import Problem
from lakewright.runner.planning.graph import TaskPlan
from lakewright.runner.planning.time_limits import Limit, out_of_time
from lakewright.runner.record.redaction import without_secrets
from lakewright.runner.record.result import (
    Standing,
    Status,
    TaskResult,
    failed,
    misconfigured,
    skipped,
)
from lakewright.runner.scheduling.run_context import RunContext


@dataclass(frozen=True)
class Attempts:
    """The attempts of one task.

    Attributes:
        label: The task's path in the run.
        job_limit: The limit of the job; no attempt starts after it.
        limit: The limit of the loop around the task, if there is one.
    """

    context: RunContext
    task: TaskPlan
    label: str
    job_limit: Limit | None = None
    limit: Limit | None = None

    def run(self, once: Callable[[int, Limit | None], TaskResult]) -> TaskResult:
        """Run attempts until one succeeds or no more are allowed; return the last result.

        Args:
            once: Runs one attempt; takes its number and the limit of the job or loop around the task.
        """
        for number in itertools.count(1):
            limit = Limit.earliest(self.job_limit, self.limit)
            result = replace(self._guarded(number, limit, once), attempt=number)
            if not self._again(result):
                return result
            # Databricks counts the interval from the start of the failed attempt.
            wait = max(self.task.min_retry_interval - result.seconds, 0.0)
            self.context.listener.attempt_failed(
                self.label, without_secrets(result, self.context.redactor), wait
            )
            if not self.context.wait(wait):
                return result
        raise AssertionError  # pragma: no cover - count() has no end

    def _guarded(
        self, number: int, limit: Limit | None, once: Callable[[int, Limit | None], TaskResult]
    ) -> TaskResult:
        if self.context.cancelled.is_set():
            return skipped(Standing.FAILED, "the run was interrupted")
        if limit is not None and limit.is_over:
            return out_of_time(limit)
        started = time.monotonic()
        self.context.listener.task_started(self.label, number)
        try:
            result = once(number, limit)
        except DiagnosedError as error:
            result = misconfigured(error)
        except Exception as error:  # noqa: BLE001 - an error in the runner fails one task, not the whole run
            result = runner_failed(error, location=self.context.locate(self.task.path))
        return replace(result, seconds=result.seconds or round(time.monotonic() - started, 3))

    def _again(self, result: TaskResult) -> bool:
        """Whether another attempt follows."""
        if result.status is not Status.FAILED or result.standing is not Standing.FAILED:
            return False
        if self.context.cancelled.is_set() or result.final or not result.executed:
            return False
        if result.timed_out and not self.task.retry_on_timeout:
            return False
        if self.job_limit is not None and self.job_limit.is_over:
            return False
        return self.task.max_retries < 0 or result.attempt <= self.task.max_retries


def runner_failed(error: BaseException, *, location: str) -> TaskResult:
    """The result of a task during which the runner itself failed."""
    trace = "".join(traceback.format_exception(error))
    return failed(Problem(f"the runner failed: {error!r}", trace, location))
