"""The run of one job: hands the scheduler's tasks to their executors, repeats attempts, keeps the time."""

from __future__ import annotations

import contextlib
import itertools
import queue
import threading
import time
import traceback
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from databricks_utils.errors import DiagnosedError
from lakewright.runner.errors import ReferenceConfigError
from lakewright.runner.execution.executor import Attempt, run_leaf
from lakewright.runner.handover.task_spec import Problem
from lakewright.runner.planning.graph import JobPlan, TaskKind, TaskPlan
from lakewright.runner.planning.local_values import localise
from lakewright.runner.planning.references import JobFacts, Scope, TaskFacts, resolve
from lakewright.runner.record.result import Status, TaskResult, failed, skipped, without_secrets
from lakewright.runner.scheduling.context import RunContext
from lakewright.runner.scheduling.loops import run_condition, run_for_each, run_nested_job
from lakewright.runner.scheduling.scheduler import Scheduler, Settled, Standing, job_standing

_CHECK_SECONDS = 0.2
# Longer than a task needs to end after an interrupt, with the statements it has left in the engine.
_GRACE_SECONDS = 60.0


@dataclass(frozen=True)
class Limit:
    """A moment at which something is ended, and the words for it."""

    deadline: float
    words: str

    @classmethod
    def earliest(cls, *limits: Limit | None) -> Limit | None:
        """The limit that strikes first."""
        known = [limit for limit in limits if limit is not None]
        return min(known, key=lambda limit: limit.deadline) if known else None

    @classmethod
    def after(cls, seconds: float | None, what: str) -> Limit | None:
        """A limit that many seconds from now."""
        if seconds is None:
            return None
        return cls(time.monotonic() + seconds, f"{what} of {seconds:g} s")


@dataclass
class JobRun:
    """One job in a run.

    Attributes:
        parameters: Values of the job's parameters.
        prefix: Key path of the task that started it, with a slash, or nothing.
        limit: The time limit that was inherited.
        ancestors: Keys of the jobs around it, so that a job cannot start itself.
        taken_over: Results that count from the beginning.
    """

    context: RunContext
    plan: JobPlan
    parameters: Mapping[str, str]
    prefix: str = ""
    limit: Limit | None = None
    ancestors: tuple[str, ...] = ()
    taken_over: Mapping[str, TaskResult] = field(default_factory=dict)
    results: dict[str, TaskResult] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.results.update(self.taken_over)
        self._ids = {task.key: next(self.context.numbers) for task in self.plan.tasks}
        self._run_id = next(self.context.numbers)
        self._done: queue.SimpleQueue[tuple[TaskPlan, TaskResult]] = queue.SimpleQueue()
        self._ender: BaseException | None = None
        self._given_up: float | None = None

    def run(self) -> Standing:
        """Run to the end of every task; how the job counts.

        Raises:
            BaseException: What was raised in a thread to end the whole process, such as a `SystemExit` of the
                listener whose reader is gone; every task has ended by then.
        """
        self.limit = Limit.earliest(self.limit, Limit.after(self.plan.timeout, "the job's `timeout_seconds`"))
        settled = {key: result.settled for key, result in self.taken_over.items()}
        scheduler = Scheduler(self.plan.tasks, settled=settled)
        self.context.expect(len(self.plan.tasks) - len(settled))
        while not scheduler.finished:
            start, left_out = scheduler.next()
            for task, end in left_out:
                self.context.expect(-1)
                self._settle(task, skipped(end))
            for task in start:
                self.context.expect(-1)
                self._start(task)
            if scheduler.running:
                task, result = self._wait(scheduler.running)
                scheduler.finish(task.key, result.settled)
                self._settle(task, result)
        if self._ender is not None:
            raise self._ender
        # By what this run was asked to do: a task left out by `--only` is no end that a failure could be handled by.
        own = tuple(task for task in self.plan.tasks if task.key not in self.taken_over)
        return job_standing(own, scheduler.settled)

    def label(self, task: TaskPlan) -> str:
        """A task's key path in the run."""
        return self.prefix + task.key

    def scope(self, task: TaskPlan, attempt: int = 1) -> Scope:
        """What references in a task can see now."""
        job = JobFacts(
            id=zlib.crc32(self.plan.key.encode()),
            run_id=self._run_id,
            name=self.plan.name,
            parameters=self.parameters,
            start_time=self.context.started_at,
        )
        ended = {key: self._facts(key, result) for key, result in self.results.items()}
        path = str(task.body.get("notebook_path") or "")
        facts = TaskFacts(task.key, self._ids.get(task.key, 0), attempt, notebook_path=path)
        return Scope(job, facts, ended, tuple(item.key for item in self.plan.tasks))

    def execute(
        self,
        task: TaskPlan,
        *,
        label: str | None = None,
        scope: Scope | None = None,
        limit: Limit | None = None,
    ) -> TaskResult:
        """Run a task with its retries; for_each calls it once for each of its elements.

        Args:
            task: The task.
            label: Its key path, if it is not the job's own task.
            scope: What its references see, if it is not the job's own task.
            limit: A limit from around it, besides the job's.
        """
        label = label or self.label(task)
        for number in itertools.count(1):
            limits = (self.limit, limit, Limit.after(task.timeout, "`timeout_seconds`"))
            result = self._guarded(task, label, number, scope, Limit.earliest(*limits))
            result = replace(result, attempt=number)
            if not self._again(task, result, number):
                return result
            told = without_secrets(result, self.context.redactor)
            self.context.listener.attempt_failed(label, told, task.min_retry_interval)
            if not self.context.wait(task.min_retry_interval):
                return result
        raise AssertionError  # pragma: no cover - count() has no end

    def values(self) -> dict[str, Mapping[str, Any]]:
        """Task values set so far, by task key."""
        return {key: result.values for key, result in self.results.items()}

    def _start(self, task: TaskPlan) -> None:
        def work() -> None:
            self._done.put((task, self._ended(task)))

        threading.Thread(target=work, name=f"task {self.label(task)}", daemon=True).start()

    def _ended(self, task: TaskPlan) -> TaskResult:
        """Run a task; there is a result whatever is raised, for somebody waits for it."""
        try:
            return self._verdict(task) or self.execute(task)
        except Exception as error:  # noqa: BLE001 - one task's trouble must not hang the whole run
            return self._broken(task, error)
        except BaseException as error:  # noqa: BLE001 - `run` raises it when the other tasks have ended
            self._ender = self._ender or error
            self.context.cancelled.set()
            return self._broken(task, error)

    def _wait(self, running: frozenset[str]) -> tuple[TaskPlan, TaskResult]:
        """The next task that ends; after an interrupt none is waited for without end."""
        while True:
            with contextlib.suppress(queue.Empty):
                task, result = self._done.get(timeout=_CHECK_SECONDS)
                if task.key in running:
                    return task, result
            if not self.context.cancelled.is_set():
                continue
            self._given_up = self._given_up or time.monotonic() + _GRACE_SECONDS
            if time.monotonic() >= self._given_up:
                words = f"interrupted, and had not ended {_GRACE_SECONDS:g} s later"
                problem = Problem(words)
                return self.plan.task(min(running)), TaskResult(
                    Status.FAILED, Standing.FAILED, words, problem
                )

    def _broken(self, task: TaskPlan, error: BaseException) -> TaskResult:
        trace = "".join(traceback.format_exception(error))
        problem = Problem(f"the runner failed: {error!r}", trace, self.context.locate(task.path))
        return TaskResult(Status.FAILED, Standing.FAILED, problem.summary, problem)

    def _settle(self, task: TaskPlan, result: TaskResult) -> None:
        self.results[task.key] = result
        self.context.record(self.label(task), result)

    def _verdict(self, task: TaskPlan) -> TaskResult | None:
        try:
            verdict = self.context.classify(self.plan.key, task.spec)
        except DiagnosedError as error:
            return failed(error, status=Status.CONFIG, executed=False)
        kind = str(getattr(verdict, "kind", "LOCAL")).rpartition(".")[-1].upper()
        if verdict is None or kind == "LOCAL":
            return None
        if kind == "CLOUD":
            return TaskResult(Status.CLOUD, Standing.BLOCKED, verdict.reason, executed=False)
        place = str(verdict.location) if verdict.location else self.context.locate(task.path)
        reason = verdict.reason or "broken configuration"
        problem = Problem(reason, location=place, fix=verdict.fix)
        return TaskResult(Status.CONFIG, Standing.FAILED, problem.summary, problem, executed=False)

    def _again(self, task: TaskPlan, result: TaskResult, number: int) -> bool:
        if result.standing is not Standing.FAILED or result.status is not Status.FAILED:
            return False
        if self.context.cancelled.is_set() or result.final or not result.executed:
            return False
        if result.timed_out and not task.retry_on_timeout:
            return False
        if self.limit is not None and time.monotonic() >= self.limit.deadline:
            return False
        return task.max_retries < 0 or number <= task.max_retries

    def _guarded(
        self, task: TaskPlan, label: str, number: int, scope: Scope | None, limit: Limit | None
    ) -> TaskResult:
        started = time.monotonic()
        if self.context.cancelled.is_set():
            return TaskResult(Status.SKIPPED, Standing.FAILED, "the run was interrupted", executed=False)
        if limit is not None and started >= limit.deadline:
            reason = f"{limit.words} was over before it started"
            return TaskResult(Status.SKIPPED, Standing.FAILED, reason, executed=False, timed_out=True)
        self.context.listener.task_started(label, number)
        try:
            result = self._kind(task, label, number, scope or self.scope(task, number), limit)
        except ReferenceConfigError as error:
            result = failed(error, status=Status.CONFIG, executed=False)
        except DiagnosedError as error:
            result = failed(error, status=Status.CONFIG, executed=False)
        except Exception as error:  # noqa: BLE001 - one task's trouble must not hang the whole run
            result = self._broken(task, error)
        return replace(result, seconds=result.seconds or round(time.monotonic() - started, 3))

    def _kind(self, task: TaskPlan, label: str, number: int, scope: Scope, limit: Limit | None) -> TaskResult:
        location = self.context.locate(f"{task.path}.{task.kind.value}")
        if task.kind is TaskKind.FOR_EACH:
            return run_for_each(self, task, scope, limit)
        body = resolve(localise(self.context.bundle, task.body), scope, location=location)
        if task.kind is TaskKind.CONDITION:
            return run_condition(body, location=location)
        if task.kind is TaskKind.RUN_JOB:
            return run_nested_job(self, task, label, body, limit)
        return run_leaf(
            self.context,
            Attempt(
                job=self.plan,
                task=task,
                label=label,
                number=number,
                body=body,
                parameters=self.parameters,
                values=self.values(),
                deadline=limit.deadline if limit else None,
                limit=limit.words if limit else "",
            ),
        )

    def _facts(self, key: str, result: TaskResult) -> TaskFacts:
        return TaskFacts(
            key,
            self._ids.get(key, 0),
            result.attempt,
            result_state=result.result_state,
            error_code="RunExecutionError" if result.standing is Standing.FAILED else None,
            values={**({"outcome": result.outcome} if result.outcome else {}), **result.values},
        )


def job_parameters(plan: JobPlan, given: Mapping[str, str], context: RunContext) -> dict[str, str]:
    """The values of a job's parameters: given ones over defaults, references in them resolved."""
    defaults = {name: str(localise(context.bundle, value)) for name, value in plan.parameters.items()}
    merged = {**defaults, **given}
    job = JobFacts(zlib.crc32(plan.key.encode()), 0, plan.name, merged, context.started_at)
    scope = Scope(job, TaskFacts("", 0))
    location = context.locate(f"{plan.path}.parameters")
    return {name: resolve(value, scope, location=location) for name, value in merged.items()}


def assumed(reason: str) -> TaskResult:
    """The result of a task that counts as done without being run."""
    return TaskResult(Status.SKIPPED, Standing.SUCCEEDED, reason, executed=False)


__all__ = ["JobRun", "Limit", "Settled", "assumed", "job_parameters"]
