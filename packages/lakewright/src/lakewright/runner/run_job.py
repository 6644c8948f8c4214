"""Runs one job once: takes the lock, plans, runs the tasks, closes the record."""

from __future__ import annotations

import contextlib
import itertools
import os
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from databricks_utils.errors import DiagnosedError
from lakewright.bundle import Bundle
from lakewright.mlflow_stores.moved import repair_addresses
from lakewright.mlflow_stores.places import mlflow_environment
from lakewright.runner.execution.deployment import deploy
from lakewright.runner.execution.engine_log import remove_secrets_from_engine_log
from lakewright.runner.execution.engines import Engine, EngineKeeper, EngineSource
from lakewright.runner.execution.process_executor import ProcessExecutor
from lakewright.runner.execution.run_resources import RunResources
from lakewright.runner.git_commit import git_sha
from lakewright.runner.handover.redactor import Redactor
from lakewright.runner.handover.secrets import secrets_of
from lakewright.runner.handover.task_spec import SparkMode
from lakewright.runner.planning.definition import definition_of
from lakewright.runner.planning.earlier_values import with_earlier_values
from lakewright.runner.planning.graph import JobPlan, build_plan
from lakewright.runner.planning.job_choice import choose_job
from lakewright.runner.planning.options import RunOptions
from lakewright.runner.planning.parameters import refuse_missing, refuse_undeclared
from lakewright.runner.planning.resume import first_run, resume_from
from lakewright.runner.planning.selection import select
from lakewright.runner.process.environment import base_environment
from lakewright.runner.process.imports_ahead import preload_environment
from lakewright.runner.process.interpreter_pool import Interpreters
from lakewright.runner.record.result import Standing, TaskResult, now
from lakewright.runner.record.run_folder import RECORD_FILE, RunFolders
from lakewright.runner.record.run_id import first_number
from lakewright.runner.record.run_lock import RunLock
from lakewright.runner.record.run_status import status_of
from lakewright.runner.record.summary import RunHead, RunSummary
from lakewright.runner.scheduling.executor import Executor
from lakewright.runner.scheduling.forecast import Classify, runs_here
from lakewright.runner.scheduling.job import JobRun
from lakewright.runner.scheduling.listener import Listener, SilentListener
from lakewright.runner.scheduling.run_context import RunContext
from lakewright.runner.signals import interruptible
from lakewright.storage.workspace import write_workspace_folder


@dataclass(frozen=True)
class _Parts:
    """Arguments of `run_job` that are kept for the run."""

    engine: EngineSource
    listener: Listener
    classify: Classify
    executor: Executor | None


def run_job(  # noqa: PLR0913 - the the one entry point
    bundle: Bundle,
    job: str,
    *,
    engine: EngineSource = None,
    options: RunOptions | None = None,
    listener: Listener | None = None,
    classify: Classify = runs_here,
    executor: Executor | None = None,
) -> RunSummary:
    """Run a job of the bundle on this machine.

    Args:
        bundle: The resolved bundle.
        job: The job's key.
        engine: A running engine, a function that returns one, or None if no task needs Spark.
        options: Parameters, selected tasks, limits.
        listener: Receives the events of the run.
        classify: Decides where a task can run; by default every task runs here.
        executor: Runs the code of the tasks; by default each in its own process.

    Returns:
        The record; it is also in `summary.json`.

    Raises:
        PlanError: The job, a selected task or a given parameter does not exist.
        RunInProgressError: Another run of the project is under way.
        ResumeError: There is nothing to resume.
    """
    options = options or RunOptions()
    parts = _Parts(engine, listener or SilentListener(), classify, executor)
    key = choose_job(bundle, job)
    plan = build_plan(key, bundle.jobs[key])
    refuse_undeclared(plan, options.parameters)
    refuse_missing(bundle, plan, {**plan.parameters, **options.parameters})
    state = bundle.root.absolute() / ".lakewright"
    with RunLock(state).held() as lock:
        folders = RunFolders(state)
        folders.mark_killed()
        run = _prepare(bundle, plan, folders, options, parts)
        lock.name_run(run.summary.run_id)
        return run.run()


@dataclass
class _Run:
    """A run that is ready to start.

    Attributes:
        taken: Results of the job's own tasks that this run does not execute: not selected, or reused.
        reusable: Results of the resumed run, by task path.
        continued: The id of the run that this one continues; its own if it continues none.
    """

    bundle: Bundle
    plan: JobPlan
    options: RunOptions
    parts: _Parts
    summary: RunSummary
    redactor: Redactor
    secrets: Mapping[str, str]
    taken: Mapping[str, TaskResult]
    reusable: Mapping[str, TaskResult]
    continued: str
    point_latest: Callable[[Path], None]
    cancelled: threading.Event = field(default_factory=threading.Event)

    def run(self) -> RunSummary:
        """Run the job; close the record even if the run fails."""
        keys = tuple(task.key for task in self.plan.tasks)
        folder = self.summary.path.parent
        with contextlib.ExitStack() as stack:
            stack.callback(remove_secrets_from_engine_log, self.bundle.root.absolute(), self.redactor)
            try:
                self.summary.write()
                self.point_latest(folder)
                self.parts.listener.run_started(folder.name, self.plan.key, keys)
                with interruptible(self.cancelled):
                    standing = self._job(self.parts.executor or self._processes(stack))
                self.summary.close(
                    *status_of(self.summary.tasks, standing, interrupted=self.cancelled.is_set())
                )
            except BaseException as error:
                self.cancelled.set()
                with contextlib.suppress(DiagnosedError):  # the first error is the one to report
                    self.summary.close("failed", reason=_reason(error))
                raise
        return self.summary

    def _processes(self, stack: contextlib.ExitStack) -> ProcessExecutor:
        """Start the engine, create the bundle's schemas and volumes, and return the executor."""
        project, folder = self.bundle.root.absolute(), self.summary.path.parent
        repair_addresses(project / ".lakewright")
        file_path = (self.bundle.resolved.get("workspace") or {}).get("file_path")
        write_workspace_folder(
            project / ".lakewright", str(file_path or ""), self.bundle.sync_root.absolute()
        )
        extra = {
            **mlflow_environment(project / ".lakewright"),
            **preload_environment(project, spark=_spark_mode(self.parts.engine, self.options)),
        }
        interpreters = Interpreters(base_environment(os.environ, extra=extra), cwd=folder, project=project)
        stack.callback(interpreters.close)
        here = RunResources(
            bundle=self.bundle,
            job=self.plan.key,
            run_id=folder.name,
            folder=folder,
            classic=self.options.classic,
            interpreters=interpreters,
            redactor=self.redactor,
            secrets=self.secrets,
            engine=EngineKeeper(self.parts.engine).current,
            cancelled=self.cancelled,
            principal=self.options.principal,
        )
        if set(self.taken) != {task.key for task in self.plan.tasks}:
            interpreters.warm()
        engine = here.engine()
        if engine is not None:
            self._describe(engine)
            deploy(here, engine)
        return ProcessExecutor(here, max_processes=self.options.max_processes)

    def _describe(self, engine: Engine) -> None:
        facts = {"pid": engine.pid, "spark": engine.spark, "java": engine.java}
        known = {name: value for name, value in facts.items() if value}
        self.summary.head = replace(self.summary.head, engine={**self.summary.head.engine, **known})

    def _job(self, executor: Executor) -> Standing:
        for key, result in self.taken.items():
            self._record(key, result)
        context = RunContext(
            bundle=self.bundle,
            executor=executor,
            record=self._record,
            started_at=self.summary.head.started_at,
            classify=self.parts.classify,
            listener=self.parts.listener,
            redactor=self.redactor,
            reusable=self.reusable,
            job_number=first_number(self.continued),
            numbers=itertools.count(first_number(self.summary.run_id) + 1),
            repair_count=self.summary.head.repair_count,
            cancelled=self.cancelled,
        )
        return JobRun(context, self.plan, self.options.parameters, taken_over=self.taken).run()

    def _record(self, key: str, result: TaskResult) -> None:
        self.parts.listener.task_ended(key, self.summary.record(key, result))


def _prepare(bundle: Bundle, plan: JobPlan, folders: RunFolders, options: RunOptions, parts: _Parts) -> _Run:
    """Decide everything that must be known before the run starts; create its folder last."""
    started = now()
    records = folders.summaries(plan.key)
    taken = with_earlier_values(select(plan, options), records)
    secrets = secrets_of(os.environ, bundle.root)
    redactor = Redactor(secrets.values())
    parameters = {**plan.parameters, **options.parameters}
    definition = definition_of(bundle, plan, commit=options.git_sha or git_sha(bundle.root))
    resumed: Mapping[str, Any] = {}
    reusable: dict[str, TaskResult] = {}
    if options.resume:
        resumed, reusable = resume_from(plan, definition, records, redactor.tree(parameters), taken)
        own = {task.key for task in plan.tasks}
        taken = {**{key: value for key, value in reusable.items() if key in own}, **taken}
    folder = folders.new(started)
    head = RunHead(
        run_id=folder.name,
        job=plan.key,
        target=bundle.target,
        environment=bundle.environment,
        engine={"kind": "local", "mode": "classic" if options.classic else "connect"},
        git_sha=definition.commit,
        started_at=started,
        parameters=parameters,
        resumed_from=resumed.get("run_id"),
        repair_count=int(resumed.get("repair_count") or 0) + 1 if resumed else 0,
        job_hash=definition.job,
        task_hashes=definition.tasks,
    )
    return _Run(
        bundle=bundle,
        plan=plan,
        options=options,
        parts=parts,
        summary=RunSummary(head, folder / RECORD_FILE, redactor),
        redactor=redactor,
        secrets=secrets,
        taken=taken,
        reusable=reusable,
        continued=first_run(resumed, records) if resumed else folder.name,
        point_latest=folders.point_latest,
    )


def _reason(error: BaseException) -> str:
    if isinstance(error, SystemExit):
        return f"the runner ended early with {error!r}; its output may have been closed"
    return str(error).splitlines()[0] if str(error) else repr(error)


def _spark_mode(engine: EngineSource, options: RunOptions) -> SparkMode:
    if engine is None:
        return "none"
    return "classic" if options.classic else "connect"
