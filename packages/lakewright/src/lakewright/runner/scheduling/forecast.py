"""`lakewright run --dry-run`: where each task would run; starts nothing."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from databricks_utils.errors import DiagnosedError
from lakewright.bundle import Bundle, Kind, Verdict, job_key
from lakewright.project_session import engine_settings
from lakewright.runner.errors import PlanError
from lakewright.runner.handover.secrets import secrets_of
from lakewright.runner.planning.graph import JobPlan, TaskKind, TaskPlan, build_plan, nested_task
from lakewright.runner.planning.options import RunOptions
from lakewright.runner.planning.parameters import refuse_missing
from lakewright.runner.planning.selection import select
from lakewright.runner.record.result import Standing, Status, TaskResult
from lakewright.runner.scheduling.scheduler import Scheduler, job_standing
from lakewright.runner.values.cluster_settings import Clusters

# Returns where a task can run; takes the key of its job and the task.
Classify = Callable[[str, Mapping[str, Any]], Verdict]


def runs_here(_job_key: str, _task: Mapping[str, Any]) -> Verdict:
    """Return `LOCAL` for every task."""
    return Verdict(Kind.LOCAL, "runs here")


@dataclass(frozen=True)
class Forecast:
    """Where a task would run, and why.

    Attributes:
        skipped: Why a run would skip it: it is disabled, or a task before it cannot run here.
        cluster: Where its cluster is written.
        without_effect: The Spark settings and variables of its cluster that have no effect here.
        left_out: Whether the project leaves it to workspaces, so that what follows runs all the same.
    """

    key: str
    task_kind: str
    verdict: Kind
    reason: str | None = None
    location: str | None = None
    fix: str | None = None
    skipped: str | None = None
    cluster: str | None = None
    without_effect: tuple[str, ...] = ()
    left_out: bool = False


def forecast(
    bundle: Bundle, job: str, classify: Classify, options: RunOptions | None = None
) -> list[Forecast]:
    """Forecast the selected tasks of a job, and those of the jobs that it runs, in the order of the file.

    Raises:
        PlanError: A task that the options select does not exist, the job has no tasks, or a parameter of the job has
            no value here.
    """
    plan = build_plan(job, bundle.jobs[job], strict=False)
    if not plan.tasks:
        raise PlanError(
            f"the job {job} has no tasks",
            location=plan.path,
            fix="add `tasks: [{task_key: …, notebook_task: {…}}]` to it",
        )
    options = options or RunOptions()
    refuse_missing(bundle, plan, {**plan.parameters, **options.parameters})
    clusters = Clusters(
        bundle,
        secrets_of(os.environ, bundle.root),
        lambda: engine_settings(bundle.root.absolute()).spark_config,
    )
    return _Foreseen(bundle, clusters, classify, plan, "", (), select(plan, options)).tasks()


@dataclass
class _Foreseen:
    """One job of the forecast.

    Attributes:
        prefix: Path of the task that calls this job, with a slash; empty for the outermost job.
        around: Keys of the calling jobs.
        ended: Results of tasks that this run does not execute, then the expected results of the others.
    """

    bundle: Bundle
    clusters: Clusters
    classify: Classify
    plan: JobPlan
    prefix: str
    around: tuple[str, ...]
    ended: dict[str, TaskResult] = field(default_factory=dict)

    def tasks(self) -> list[Forecast]:
        """The tasks that are not left out, each followed by those inside it."""
        left_out = set(self.ended)
        return [item for task in self.plan.tasks if task.key not in left_out for item in self._foresee(task)]

    @property
    def standing(self) -> Standing:
        """The expected standing of the job, once `tasks` was called."""
        return job_standing(self.plan.tasks, self.ended)

    def _foresee(self, task: TaskPlan) -> Iterator[Forecast]:
        skipped = Scheduler(self.plan.tasks, ended=self.ended).skip(task)
        item = self._judge(task, self.prefix, skipped)
        inside, standing = self._inside(task, skipped)
        yield item
        yield from inside
        cloud = Standing.EXCLUDED if item.left_out else Standing.BLOCKED
        own = {Kind.CLOUD: cloud, Kind.CONFIG: Standing.FAILED}.get(item.verdict, standing)
        self.ended[task.key] = skipped or TaskResult(Status.SUCCESS, own)

    def _judge(self, task: TaskPlan, prefix: str, skipped: TaskResult | None) -> Forecast:
        kind = task.kind.value if task.kind is not TaskKind.OTHER else _foreign_kind(task)
        key, why = prefix + task.key, skipped.reason if skipped else None
        try:
            verdict = self.classify(self.plan.key, task.spec)
            self._refuse_missing(task)
        except DiagnosedError as error:
            return Forecast(key, kind, Kind.CONFIG, error.summary, error.location, error.fix, why)
        place = str(verdict.location) if verdict.location else None
        found = Forecast(
            key, kind, verdict.kind, verdict.reason, place, verdict.fix, why, left_out=verdict.left_out
        )
        return self._with_cluster(found, task) if verdict.kind is Kind.LOCAL else found

    def _with_cluster(self, found: Forecast, task: TaskPlan) -> Forecast:
        """Add what the task's cluster asks for in vain; a secret that does not exist would fail the task."""
        try:
            settings = self.clusters.settings_for(self.plan.key, task.spec, task.path)
        except DiagnosedError as error:
            return replace(
                found, verdict=Kind.CONFIG, reason=error.summary, location=error.location, fix=error.fix
            )
        return replace(found, cluster=settings.place, without_effect=settings.without_effect)

    def _refuse_missing(self, task: TaskPlan) -> None:
        """Refuse a call of a job whose parameters have no value here, and are not given one."""
        inner = self._called(task)
        if inner is not None:
            given = {*(task.body.get("job_parameters") or {}), *self.plan.parameters}
            texts = {name: value for name, value in inner.parameters.items() if name not in given}
            refuse_missing(self.bundle, inner, texts)

    def _inside(self, task: TaskPlan, skipped: TaskResult | None) -> tuple[list[Forecast], Standing]:
        """The tasks inside a loop or a called job, and how they are expected to count."""
        if task.kind is TaskKind.FOR_EACH:
            return [
                self._judge(nested_task(task), f"{self.prefix}{task.key}[…] ", skipped)
            ], Standing.SUCCEEDED
        inner = self._called(task)
        if inner is None:
            return [], Standing.SUCCEEDED
        around = (*self.around, self.plan.key)
        path = f"{self.prefix}{task.key}/"
        foreseen = _Foreseen(self.bundle, self.clusters, self.classify, inner, path, around)
        return foreseen.tasks(), foreseen.standing

    def _called(self, task: TaskPlan) -> JobPlan | None:
        """The job that a task runs; None if there is none, or if it would run itself."""
        key = job_key(self.bundle, task.body.get("job_id")) if task.kind is TaskKind.RUN_JOB else None
        if key is None or key in {*self.around, self.plan.key}:
            return None
        return build_plan(key, self.bundle.jobs[key], strict=False)


def _foreign_kind(task: TaskPlan) -> str:
    return next((name for name in task.spec if name.endswith("_task")), "?")
