"""One run of one job, from the lock to the closed record."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import FrameType
from typing import Any

from databricks_utils.errors import DiagnosedError
from lakewright.runner.errors import PlanError
from lakewright.runner.execution.deployment import deploy
from lakewright.runner.planning.graph import JobPlan, build_plan, nearest
from lakewright.runner.planning.local_values import BundleLike
from lakewright.runner.planning.selection import DIRTY, definition_of, resume_from, select
from lakewright.runner.process.environment import mlflow_environment
from lakewright.runner.process.imports_ahead import preload_environment
from lakewright.runner.process.interpreters import Interpreters, base_environment
from lakewright.runner.record.redaction import Redactor, secrets_of
from lakewright.runner.record.result import Status, TaskResult, now
from lakewright.runner.record.run_folder import RunFiles
from lakewright.runner.record.summary import RunHead, RunSummary
from lakewright.runner.scheduling.context import (
    Engine,
    Listener,
    RunContext,
    RunOptions,
    SilentListener,
    Verdict,
)
from lakewright.runner.scheduling.job import JobRun, job_parameters
from lakewright.runner.scheduling.scheduler import Standing

EngineSource = Engine | Callable[[], Engine] | None
_DEFAULT_JOB = "main_pipeline"


def choose_job(bundle: BundleLike, name: str | None) -> str:
    """The job to run: the one that is named, the only one, or `main_pipeline`.

    Raises:
        PlanError: There is no such job, or none that goes without saying.
    """
    jobs = bundle.jobs
    if name is not None:
        if name in jobs:
            return name
        raise PlanError(
            f"the bundle has no job `{name}`",
            location=str(bundle.root),
            fix=nearest(name, jobs) if jobs else _no_jobs(bundle),
        )
    if len(jobs) == 1:
        return next(iter(jobs))
    if _DEFAULT_JOB in jobs:
        return _DEFAULT_JOB
    raise PlanError(
        "which job?" if jobs else "the bundle has no jobs",
        location=str(bundle.root),
        fix="name one: " + ", ".join(sorted(jobs)) if jobs else _no_jobs(bundle),
    )


def _no_jobs(bundle: BundleLike) -> str:
    sections = (bundle.resolved.get("python"), (bundle.resolved.get("experimental") or {}).get("python"))
    if any((section or {}).get("resources") for section in sections):
        return "its jobs are defined in Python, which runs only in a workspace: `databricks bundle run`, or write them in YAML"
    return "add one under resources.jobs"


def run_job(  # noqa: PLR0913 - the one entry point; each argument is a part of its own
    bundle: BundleLike,
    job_key: str,
    *,
    engine: EngineSource = None,
    options: RunOptions | None = None,
    listener: Listener | None = None,
    classify: Callable[[str, Mapping[str, Any]], Verdict | None] | None = None,
) -> RunSummary:
    """Run a job of the bundle on this machine.

    Args:
        bundle: The resolved bundle.
        job_key: The job.
        engine: A running engine, a function that gives one that is alive, or None for tasks without Spark.
        options: Parameters, selection, limits.
        listener: Hears what happens.
        classify: Says for a task whether it can run here; everything can by default.

    Returns:
        The record; it is also in `summary.json`.

    Raises:
        PlanError: The job, a task or a parameter that is named does not exist.
        RunInProgressError: Another run of the project is under way.
        ResumeError: There is nothing to resume.
    """
    options = options or RunOptions()
    plan = build_plan(choose_job(bundle, job_key), bundle.jobs[choose_job(bundle, job_key)])
    _check_parameters(plan, options)
    files = RunFiles(bundle.root.absolute())
    with files.lock() as note:
        parts = _Parts(engine, listener or SilentListener(), classify or _everything)
        run = _Run(bundle, plan, files, options, parts)
        note.write_text(json.dumps({"pid": os.getpid(), "run_id": run.folder.name}), encoding="utf-8")
        return run.run()


def _everything(_job: str, _task: Mapping[str, Any]) -> None:
    return None


def _check_parameters(plan: JobPlan, options: RunOptions) -> None:
    for name in options.parameters:
        if name not in plan.parameters:
            raise PlanError(
                f"job `{plan.key}` declares no parameter `{name}`",
                location=f"{plan.path}.parameters",
                fix=nearest(name, plan.parameters)
                if plan.parameters
                else "declare it under the job's `parameters`",
            )


@dataclass(frozen=True)
class _Parts:
    """What the caller brings."""

    engine: EngineSource
    listener: Listener
    classify: Callable[[str, Mapping[str, Any]], Verdict | None]


class _Run:
    """The parts of one run, put together."""

    def __init__(
        self, bundle: BundleLike, plan: JobPlan, files: RunFiles, options: RunOptions, parts: _Parts
    ) -> None:
        self._plan, self._options, self._bundle = plan, options, bundle
        self._engine = _EngineKeeper(parts.engine)
        started = now()
        self._taken = select(plan, options)
        secrets = secrets_of(os.environ, bundle.root)
        redactor = Redactor(secrets.values())
        parameters = {**plan.parameters, **options.parameters}
        commit = options.git_sha or git_sha(bundle.root)
        definition = definition_of(plan, bundle.jobs, commit=commit)
        resumed: str | None = None
        reusable: dict[str, TaskResult] = {}
        if options.resume:
            resumed, reusable = resume_from(
                plan, definition, files.summaries(plan.key), redactor.tree(parameters), self._taken
            )
            own = {task.key for task in plan.tasks}
            self._taken = {**{key: value for key, value in reusable.items() if key in own}, **self._taken}
        self.folder = files.new_run(started)
        self.summary = RunSummary(
            RunHead(
                run_id=self.folder.name,
                job=plan.key,
                target=str(getattr(bundle, "target", "")),
                environment=str(getattr(bundle, "environment", "local")),
                engine={"kind": "local", "mode": "classic" if options.classic else "connect"},
                git_sha=commit,
                started_at=started,
                parameters=parameters,
                resumed_from=resumed,
                job_hash=definition.job,
                task_hashes=definition.tasks,
            ),
            self.folder / "summary.json",
            redactor,
        )
        environment = base_environment(
            os.environ,
            extra={
                **mlflow_environment(files.state.absolute()),
                **preload_environment(bundle.root, spark=parts.engine is not None),
            },
        )
        self._interpreters = Interpreters(environment, cwd=self.folder)
        self.context = RunContext(
            bundle=bundle,
            run_id=self.folder.name,
            folder=self.folder,
            project=bundle.root.absolute(),
            options=options,
            interpreters=self._interpreters,
            redactor=redactor,
            secrets=secrets,
            record=self._record,
            classify=parts.classify,
            engine=self._engine.current,
            listener=parts.listener,
            started_at=started,
            reusable=reusable,
        )
        self._files, self._listener = files, parts.listener

    def run(self) -> RunSummary:
        """Run the job and close the record, whatever happens."""
        keys = tuple(task.key for task in self._plan.tasks)
        try:
            self.summary.write()
            self._files.point_latest(self.folder)
            self._listener.run_started(self.folder.name, self._plan.key, keys)
            with interruptible(self.context.cancelled):
                standing = self._job()
            self._close(standing)
        except BaseException as error:
            self.context.cancelled.set()
            with contextlib.suppress(DiagnosedError):  # the first error is the one to tell
                self.summary.close("failed", reason=_reason(error))
            raise
        finally:
            self._interpreters.close()
        return self.summary

    def _job(self) -> Standing:
        if set(self._taken) != {task.key for task in self._plan.tasks}:
            self._interpreters.warm()
        engine = self._engine.current()
        if engine is not None:
            self._describe(engine)
            deploy(self.context, engine)
        parameters = job_parameters(self._plan, self._options.parameters, self.context)
        for key, result in self._taken.items():
            self._record(key, result)
        return JobRun(self.context, self._plan, parameters, taken_over=self._taken).run()

    def _describe(self, engine: Engine) -> None:
        facts = {name: getattr(engine, name, None) for name in ("pid", "spark", "java")}
        known = {name: value for name, value in facts.items() if value is not None}
        self.summary.head = replace(self.summary.head, engine={**self.summary.head.engine, **known})

    def _record(self, key: str, result: TaskResult) -> None:
        self._listener.task_ended(key, self.summary.record(key, result))

    def _close(self, standing: Standing) -> None:
        status, reason = verdict_of(self.summary.tasks, standing, interrupted=self.context.cancelled.is_set())
        self.summary.close(status, reason)


def _reason(error: BaseException) -> str:
    if isinstance(error, SystemExit):
        return f"the runner was left with {error!r}, as when nobody reads its output any more"
    return str(error).splitlines()[0] if str(error) else repr(error)


def verdict_of(
    tasks: Mapping[str, TaskResult], standing: Standing, *, interrupted: bool
) -> tuple[str, str | None]:
    """The status of a run, and its reason where the tasks alone do not say it."""
    if interrupted:
        return "interrupted", "ended by a signal"
    results = list(tasks.values())
    if standing is Standing.FAILED:
        return "failed", None
    if not any(result.executed for result in results):
        return "failed", "nothing was executed"
    if any(result.status in {Status.FAILED, Status.CONFIG} for result in results):
        return "success_with_failures", "a task failed, and the job handled it"
    return "success", None


class _EngineKeeper:
    """Gives the engine; one that has died is asked for anew."""

    def __init__(self, source: EngineSource) -> None:
        self._source = source
        self._engine: Engine | None = None
        self._lock = threading.Lock()

    def current(self) -> Engine | None:
        if self._source is None:
            return None
        if not callable(self._source):
            return self._source
        with self._lock:
            if self._engine is None or not self._engine.is_alive():
                self._engine = self._source()
            return self._engine


@contextlib.contextmanager
def interruptible(cancelled: threading.Event) -> Iterator[None]:
    """Turn SIGINT and SIGTERM into the wish to end; a second one ends at once."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def handle(number: int, frame: FrameType | None) -> None:
        del frame
        if cancelled.is_set():
            raise KeyboardInterrupt(number)
        cancelled.set()

    before = {number: signal.signal(number, handle) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, previous in before.items():
            signal.signal(number, previous)


def git_sha(folder: Path) -> str:
    """The commit, `<sha>-dirty` where files are changed, `unknown` without git."""
    try:
        sha = _git(folder, "rev-parse", "HEAD")
        return f"{sha}{DIRTY}" if _git(folder, "status", "--porcelain", "--untracked-files=no") else sha
    except (OSError, subprocess.SubprocessError):
        return "unknown"


def _git(folder: Path, *arguments: str) -> str:
    command = ["git", "-C", str(folder), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=10).stdout.strip()


def exit_code(summary: RunSummary) -> int:
    """0 for success, 1 if a task failed, 130 if the run was interrupted."""
    return {"success": 0, "interrupted": 130}.get(summary.status, 1)
