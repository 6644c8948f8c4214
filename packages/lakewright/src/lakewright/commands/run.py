"""`lakewright run`: run a job of the bundle on this machine, on real Spark."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lakewright.commands.options.assignments import parse_assignments, parse_variables
from lakewright.errors import LakewrightError
from lakewright.project import find_project

if TYPE_CHECKING:
    from lakewright.bundle import Bundle
    from lakewright.runner.execution.engines import Engine
    from lakewright.runner.planning.options import RunOptions
    from lakewright.runner.record.summary import RunSummary
    from lakewright.runner.scheduling.forecast import Classify, Forecast


class UsageError(LakewrightError, ValueError):
    """Raised when the command's options contradict each other."""


@click.command(name="run")
@click.argument("job", required=False)
@click.option("-t", "--target", help="Target of the bundle; by default its default target.")
@click.option(
    "--var",
    "variables",
    multiple=True,
    metavar="NAME=VALUE",
    help="A variable of the bundle; several with commas: a=1,b=2.",
)
@click.option("--param", "parameters", multiple=True, metavar="NAME=VALUE", help="A parameter of the job.")
@click.option("--only", metavar="T1,T2", help="Run only these tasks; tasks before them count as done.")
@click.option(
    "--from", "start_from", metavar="TASK", help="Start with this task; tasks before it count as done."
)
@click.option("--resume", is_flag=True, help="Continue the last failed run: finished tasks are not repeated.")
@click.option("--dry-run", is_flag=True, help="Show for each task whether it can run here; execute nothing.")
@click.option(
    "--env", default="local", metavar="NAME", help="Only `local`: a local run contacts no workspace."
)
@click.option(
    "--classic/--connect",
    default=None,
    help="Classic sessions, with a SparkContext, as on dedicated clusters. The default is `spark.mode` in the configuration.",
)
@click.option(
    "--as",
    "principal",
    metavar="PRINCIPAL",
    help="Run every task as this principal, with its grants; by default each job runs as its `run_as`.",
)
@click.option("--processes", type=click.IntRange(1, 16), default=2, show_default=True, help="Parallel tasks.")
@click.option("--plain", is_flag=True, help="Print one line for each event, also in a terminal.")
def command(  # noqa: PLR0913, PLR0917 - one parameter for each option
    job: str | None,
    target: str | None,
    variables: tuple[str, ...],
    parameters: tuple[str, ...],
    only: str | None,
    start_from: str | None,
    *,
    resume: bool,
    dry_run: bool,
    env: str,
    classic: bool | None,
    principal: str | None,
    processes: int,
    plain: bool,
) -> None:
    """Run JOB of the bundle on this machine; without JOB, the only job or `main_pipeline`."""
    from lakewright.project_session import prefers_classic
    from lakewright.runner.planning.options import RunOptions

    if env != "local":
        raise UsageError(
            f"the environment of a local run must be `local`, not `{env}`",
            detail="a local run contacts no workspace, and must not read or write a workspace's data",
            fix=f"lakewright run … without --env; in a workspace: databricks bundle run -t {env} …",
        )
    given = parse_assignments(parameters, option="--param")
    project = find_project(Path.cwd())
    bundle = load_checked(
        project, target=target, variables=parse_variables(variables), job=job, in_tasks=not dry_run
    )
    if classic is None:
        # A dry run starts nothing and does not read the configuration: a bundle may use `config/local.yaml` otherwise.
        classic = not dry_run and prefers_classic(project)
    options = RunOptions(
        parameters=given,
        only=tuple(name.strip() for name in (only or "").split(",") if name.strip()),
        start_from=start_from,
        resume=resume,
        max_processes=processes,
        classic=classic,
        principal=principal,
    )
    _refuse_tasks_of_other_jobs(bundle, job, options)
    if dry_run:
        sys.exit(max(print_forecast(bundle, job, options), print_wrong_settings(project)))
    from lakewright.runner.record.run_status import exit_code

    sys.exit(exit_code(execute(bundle, job, options, plain=plain)))


def load_checked(
    project: Path,
    *,
    target: str | None,
    variables: Mapping[str, str],
    job: str | None = None,
    in_tasks: bool = True,
) -> Bundle:
    """Load the bundle with the local overlay; raise if it has errors, print the warnings that concern the run.

    Args:
        project: The project's folder.
        target: A target of the bundle.
        variables: Values from the command line.
        job: The job that will run; None for the only job or `main_pipeline`.
        in_tasks: Whether errors inside single tasks count; a dry run shows such a task as `[CONFIG]`.

    Returns:
        The bundle; the findings of the rules are among its diagnostics.

    Raises:
        BundleError: The bundle, or its wiring, has errors.
    """
    from dataclasses import replace

    from lakewright.bundle import (
        all_findings,
        load_bundle,
        load_local_overlay,
        project_settings_findings,
        raise_on_errors,
    )

    bundle = load_bundle(project, target=target, variables=variables, local=load_local_overlay(project))
    raise_on_errors(bundle, in_tasks=in_tasks)
    # The rules run after the load: an error of the load often causes wiring errors too.
    bundle = replace(bundle, diagnostics=all_findings(bundle))
    if in_tasks:  # a dry run prints them as `[CONFIG]`
        bundle = replace(
            bundle, diagnostics=(*bundle.diagnostics, *project_settings_findings(project, ("local",)))
        )
    raise_on_errors(bundle, in_tasks=in_tasks)
    _print_warnings(bundle, job)
    return bundle


def _print_warnings(bundle: Bundle, job: str | None) -> None:
    """Print the warnings about the job, the jobs that it runs and the rest of the bundle; count those about other jobs."""
    from lakewright.bundle import jobs_run_by
    from lakewright.runner.planning.job_choice import choose_job

    involved, waiting = set[str](), [choose_job(bundle, job)]
    while waiting:
        key = waiting.pop()
        if key not in involved:
            involved.add(key)
            waiting += jobs_run_by(bundle, bundle.jobs[key])
    others = tuple(f"resources.jobs.{key}" for key in bundle.jobs if key not in involved)
    elsewhere = 0
    for diagnostic in bundle.diagnostics:
        if diagnostic.severity != "warning":
            continue
        if any(f"{diagnostic.path}.".startswith(f"{other}.") for other in others):
            elsewhere += 1
            continue
        place = f" ({diagnostic.location})" if diagnostic.location else ""
        click.echo(f"warning: {diagnostic.summary} [{diagnostic.code}]{place}", err=True)
    if elsewhere:
        click.echo(f"{elsewhere} warning(s) about other jobs: lakewright validate", err=True)


def _refuse_tasks_of_other_jobs(bundle: Bundle, job: str | None, options: RunOptions) -> None:
    """Raise if `--only` or `--from` names a task of another job; the error names that job."""
    from lakewright.runner.planning.job_choice import choose_job

    key = choose_job(bundle, job)
    for option, name in (*(("--only", name) for name in options.only), ("--from", options.start_from)):
        holders = [other for other, spec in bundle.jobs.items() if name in _task_keys(spec)]
        if holders and key not in holders:
            raise UsageError(
                f"job `{key}` has no task `{name}`",
                detail=f"`{name}` is a task of the job `{holders[0]}`",
                location=f"resources.jobs.{holders[0]}",
                fix=f"lakewright run {holders[0]} {option} {name}",
            )


def _task_keys(job: Mapping[str, Any]) -> set[object]:
    return {task.get("task_key") for task in job.get("tasks") or [] if isinstance(task, dict)}


def classifier(bundle: Bundle) -> Classify:
    """Return a function that classifies a task by where it can run."""
    from lakewright.bundle import classify_task

    return lambda job_key, task: classify_task(bundle, job_key, dict(task))


def print_forecast(bundle: Bundle, job: str | None, options: RunOptions) -> int:
    """Print what would run; return 2 if a task is broken, 1 if no task can run here, else 0."""
    from lakewright.bundle import Kind
    from lakewright.runner.planning.job_choice import choose_job
    from lakewright.runner.scheduling.forecast import forecast

    found = forecast(bundle, choose_job(bundle, job), classifier(bundle), options)
    width = max((len(item.key) for item in found), default=0)
    for item in found:
        why = "  ".join(part for part in (item.reason, f"({item.location})" if item.location else "") if part)
        click.echo(f"{'[' + item.verdict + ']':<9}{item.key:<{width}}  {item.task_kind}  {why}".rstrip())
        if item.skipped:
            click.echo(f"{'':<9}{'':<{width}}  skipped: {item.skipped}")
        if item.fix:
            click.echo(f"{'':<9}{'':<{width}}  fix: {item.fix}")
    for line in _without_effect(found):
        click.echo(line)
    click.echo(f"target {bundle.target}, environment {bundle.environment}; nothing was executed")
    if any(item.verdict is Kind.CONFIG for item in found):
        return 2
    return 0 if any(item.verdict is Kind.LOCAL and not item.skipped for item in found) else 1


def _without_effect(found: list[Forecast]) -> Iterator[str]:
    """One line for each cluster with settings or variables that have no effect here."""
    for place, names in {item.cluster: item.without_effect for item in found if item.without_effect}.items():
        yield f"note: without effect here: {', '.join(names)}  (the cluster at {place})"


def print_wrong_settings(project: Path) -> int:
    """Print what is wrong with `extra` of `config/local.yaml`; return 2 if anything is, because each task that reads it fails."""
    from lakewright.bundle import project_settings_findings

    found = project_settings_findings(project, ("local",))
    for finding in found:
        if finding.severity == "recommendation":
            continue
        verdict = "[CONFIG]" if finding.severity == "error" else "warning:"
        place = f"  ({finding.location})" if finding.location else ""
        click.echo(f"{verdict:<9}{finding.summary} [{finding.code}]{place}")
        if finding.fix:
            click.echo(f"{'':<9}fix: {finding.fix}")
    return 2 if any(finding.severity == "error" for finding in found) else 0


def execute(bundle: Bundle, job: str | None, options: RunOptions, *, plain: bool) -> RunSummary:
    """Start or find the engine, run the job with progress, print the report."""
    from rich.console import Console

    from lakewright.lineage.sending.after_run import send_after_run
    from lakewright.runner.planning.job_choice import choose_job
    from lakewright.runner.run_job import run_job
    from lakewright.runner.shown.live_progress import LiveProgress
    from lakewright.runner.shown.plain_progress import PlainProgress
    from lakewright.runner.shown.report import print_report

    # A file or a pipe has no window: a fixed width, unless COLUMNS sets one.
    console = Console() if sys.stdout.isatty() or "COLUMNS" in os.environ else Console(width=120)
    live = console.is_terminal and not plain
    with (LiveProgress(console) if live else PlainProgress(console)).shown() as progress:
        summary = run_job(
            bundle,
            choose_job(bundle, job),
            engine=engine_source(bundle.root, classic=options.classic),
            options=options,
            listener=progress,
            classify=classifier(bundle),
        )
    print_report(console, summary, project=bundle.root)
    warning = send_after_run(bundle.root / ".lakewright" / "lineage")
    if warning:
        click.echo(f"warning: {warning}", err=True)
    return summary


def engine_source(project: Path, *, classic: bool) -> Callable[[], Engine]:
    """Return a function that starts or finds the engine of a run.

    Args:
        project: The project's root.
        classic: Whether the tasks have classic sessions.
    """
    from lakewright.engine import ensure_engine
    from lakewright.project_session import engine_settings
    from lakewright.runner.execution.engines import ClassicEngine

    settings = engine_settings(project)
    if classic:
        return lambda: ClassicEngine(ensure_engine(project, settings=settings))
    return lambda: ensure_engine(project, settings=settings)
