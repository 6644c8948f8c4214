"""Runs one job: starts each task in a thread when the scheduler allows it, and collects the results."""

from __future__ import annotations

import contextlib
import queue
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from databricks_utils.errors import DiagnosedError
from lakewright.bundle import Kind
from lakewright.runner.handover.problem import Problem
from lakewright.runner.planning.attempt import Attempt
from lakewright.runner.planning.conditions import run_condition
from lakewright.runner.planning.graph import JobPlan, TaskKind, TaskPlan, nested_task
from lakewright.runner.planning.parameters import job_parameters
from lakewright.runner.planning.time_limits import Limit
from lakewright.runner.planning.wanted_rows import wanted_rows
from lakewright.runner.record.result import Standing, Status, TaskResult, failed, misconfigured
from lakewright.runner.scheduling.facts import ended_task, job_facts, starting_task
from lakewright.runner.scheduling.loops import loop_inputs, run_iterations
from lakewright.runner.scheduling.nested_jobs import (
    nested_parameters,
    nested_plan,
    nested_result,
    reused_inside,
)
from lakewright.runner.scheduling.retries import Attempts, runner_failed
from lakewright.runner.scheduling.run_context import RunContext
from lakewright.runner.scheduling.scheduler import Scheduler, job_standing
from lakewright.runner.values.local_values import localise
from lakewright.runner.values.references import resolve
from lakewright.runner.values.scope import NO_INPUT, Scope

_CHECK_SECONDS = 0.2
# After an interrupt, a task and its Spark statements need less than this to end.
_GRACE_SECONDS = 60.0


@dataclass
class JobRun:
    """One job in a run.

    Attributes:
        given: Job parameters of the command line, which may hold references.
        data: Values from the calling job, which are passed on as they are.
        prefix: Path of the task that called this job, with a slash; empty for the outermost job.
        limit: The time limit of the calling task; `run` adds the job's own.
        around: Keys of the calling jobs, so that a job cannot call itself.
        taken_over: Results of tasks that this run does not execute: reused, or not selected.
        results: Results of its tasks, by key.
    """

    context: RunContext
    plan: JobPlan
    given: Mapping[str, str] = field(default_factory=dict)
    data: Mapping[str, str] = field(default_factory=dict)
    prefix: str = ""
    limit: Limit | None = None
    around: tuple[str, ...] = ()
    taken_over: Mapping[str, TaskResult] = field(default_factory=dict)
    results: dict[str, TaskResult] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.results.update(self.taken_over)
        number = next(self.context.numbers) if self.around else self.context.job_number
        self._facts = job_facts(self.context, self.plan, run_id=number, called=bool(self.around))
        self.parameters = job_parameters(
            self.context.bundle, self.plan, self._facts, given=self.given, data=self.data
        )
        self._wanted_rows = wanted_rows(self.plan)
        self._run_ids: dict[str, int] = {}
        self._done: queue.SimpleQueue[tuple[TaskPlan, TaskResult]] = queue.SimpleQueue()
        self._fatal: BaseException | None = None
        self._give_up_at: float | None = None

    def run(self) -> Standing:
        """Run every task to its end and return the standing of the job.

        Raises:
            BaseException: A thread raised it to end the process, for example `SystemExit` when the output is closed.
                It is raised again here after every task has ended.
        """
        self.limit = Limit.earliest(self.limit, Limit.of_job(self.plan.timeout))
        scheduler = Scheduler(self.plan.tasks, ended=self.taken_over)
        expect = self.context.executor.expect
        expect(len(self.plan.tasks) - len(scheduler.ended))
        while not scheduler.finished:
            start, left_out = scheduler.next()
            for task, result in left_out:
                expect(-1)
                self._keep(task, result)
            for task in start:
                expect(-1)
                self._start(task)
            if scheduler.running:
                task, result = self._wait(scheduler.running)
                scheduler.finish(task.key, result)
                self._keep(task, result)
        if self._fatal is not None:
            raise self._fatal
        # Only executed tasks count: a task that `--only` left out cannot handle a failure.
        own = tuple(task for task in self.plan.tasks if task.key not in self.taken_over)
        return job_standing(own, scheduler.ended)

    def _start(self, task: TaskPlan) -> None:
        def work() -> None:
            self._done.put((task, self._run_guarded(task)))

        threading.Thread(target=work, name=f"task {self.prefix}{task.key}", daemon=True).start()

    def _run_guarded(self, task: TaskPlan) -> TaskResult:
        """Run a task and always return a result, because `run` waits for one."""
        location = self.context.locate(task.path)
        try:
            return self._refusal(task) or self._execute(task, self.prefix + task.key)
        except Exception as error:  # noqa: BLE001 - an error in the runner fails one task, not the whole run
            return runner_failed(error, location=location)
        except BaseException as error:  # noqa: BLE001 - `run` raises it after the other tasks have ended
            self._fatal = self._fatal or error
            self.context.cancelled.set()
            return runner_failed(error, location=location)

    def _wait(self, running: frozenset[str]) -> tuple[TaskPlan, TaskResult]:
        """Wait for the next task to end; after an interrupt, give up on a task that does not end."""
        while True:
            with contextlib.suppress(queue.Empty):
                task, result = self._done.get(timeout=_CHECK_SECONDS)
                if task.key in running:
                    return task, result
            if not self.context.cancelled.is_set():
                continue
            self._give_up_at = self._give_up_at or time.monotonic() + _GRACE_SECONDS
            if time.monotonic() >= self._give_up_at:
                words = f"interrupted, but still running {_GRACE_SECONDS:g} s later"
                return self.plan.task(min(running)), failed(Problem(words))

    def _keep(self, task: TaskPlan, result: TaskResult) -> None:
        self.results[task.key] = result
        self.context.record(self.prefix + task.key, result)

    def _refusal(self, task: TaskPlan) -> TaskResult | None:
        """The result of a task that cannot run here; None if the task can run."""
        try:
            verdict = self.context.classify(self.plan.key, task.spec)
        except DiagnosedError as error:
            return misconfigured(error)
        if verdict.kind is Kind.LOCAL:
            return None
        if verdict.kind is Kind.CLOUD:
            standing = Standing.EXCLUDED if verdict.left_out else Standing.BLOCKED
            return TaskResult(Status.CLOUD, standing, verdict.reason, executed=False)
        place = str(verdict.location) if verdict.location else self.context.locate(task.path)
        reason = verdict.reason or "broken configuration"
        problem = Problem(reason, location=place, fix=verdict.fix)
        return TaskResult(Status.CONFIG, Standing.FAILED, reason, problem, executed=False)

    def _execute(
        self, task: TaskPlan, label: str, *, element: Any = NO_INPUT, limit: Limit | None = None
    ) -> TaskResult:
        """Run a task with its retries.

        Args:
            task: The task, or the inner task of a loop.
            label: Its path in the run.
            element: The element of the iteration, for the inner task of a loop.
            limit: The limit of the loop.
        """

        def once(number: int, around: Limit | None) -> TaskResult:
            return self._once(task, label, number, self._scope(task, number, element), around)

        return Attempts(self.context, task, label, job_limit=self.limit, limit=limit).run(once)

    def _once(
        self, task: TaskPlan, label: str, number: int, scope: Scope, around: Limit | None
    ) -> TaskResult:
        location = self.context.locate(f"{task.path}.{task.kind.value}")
        body = localise(self.context.bundle, task.body)
        if task.kind is TaskKind.CONDITION:
            return run_condition(body, scope, location=location)
        if task.kind in {TaskKind.FOR_EACH, TaskKind.RUN_JOB}:
            limit = Limit.earliest(around, Limit.of_task(task.timeout))
            return (self._loop if task.kind is TaskKind.FOR_EACH else self._nested)(task, label, scope, limit)
        attempt = Attempt(
            job=self.plan,
            task=task,
            label=label,
            number=number,
            body=resolve(body, scope, location=location),
            parameters=self.parameters,
            values={key: result.values for key, result in self.results.items()},
            keep_rows=task.key in self._wanted_rows,
            timeout=task.timeout,
            limit=around,
        )
        return self.context.executor.run(attempt)

    def _loop(self, task: TaskPlan, label: str, scope: Scope, limit: Limit | None) -> TaskResult:
        location = self.context.locate(f"{task.path}.for_each_task.inputs")
        inputs = localise(self.context.bundle, task.body.get("inputs"))
        elements = loop_inputs(resolve(inputs, scope, location=location), location=location)
        inner = nested_task(task)
        expect = self.context.executor.expect
        expect(len(elements))

        def iterate(index: int) -> TaskResult:
            expect(-1)
            key = f"{label}[{index}]"
            try:
                result = self._execute(inner, key, element=elements[index], limit=limit)
                self.context.record(key, result)
            except SystemExit:  # the run ends now and must not wait for the other iterations
                self.context.cancelled.set()
                raise
            return result

        concurrency = int(task.body.get("concurrency") or 1)
        return run_iterations(len(elements), iterate, concurrency=concurrency, label=label)

    def _nested(self, task: TaskPlan, label: str, scope: Scope, limit: Limit | None) -> TaskResult:
        context, around = self.context, (*self.around, self.plan.key)
        location = context.locate(f"{task.path}.run_job_task.job_id")
        body = resolve(localise(context.bundle, task.body), scope, location=location)
        plan = nested_plan(context.bundle, body.get("job_id"), around=around, location=location)
        values = nested_parameters(plan, body.get("job_parameters"), self.parameters)
        reused = reused_inside(context.reusable, task, plan, label=label, ended=self.results)
        nested = JobRun(context, plan, {}, values, f"{label}/", limit, around, reused)
        for key, result in reused.items():
            context.record(f"{label}/{key}", result)
        return nested_result(plan, nested.results, nested.run())

    def _scope(self, task: TaskPlan, number: int, element: Any) -> Scope:
        """The values that references in a task have when an attempt starts."""
        run_id = next(self.context.numbers)
        facts = starting_task(task, run_id=run_id, attempt=number)
        if element is NO_INPUT:
            self._run_ids[task.key] = run_id
        ended = {
            key: ended_task(self.plan.task(key), result, run_id=self._run_ids.get(key, 0))
            for key, result in self.results.items()
        }
        keys = tuple(item.key for item in self.plan.tasks)
        return Scope(replace(self._facts, parameters=self.parameters), facts, ended, keys, element)
