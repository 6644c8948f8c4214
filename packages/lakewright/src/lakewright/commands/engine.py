"""`lakewright engine`: show or stop the engine of this project."""

import json
from pathlib import Path

import click

from lakewright.project import find_project


@click.group(name="engine")
def command() -> None:
    """Show or stop the project's Spark engine."""


@command.command()
@click.option("-o", "--output", type=click.Choice(["text", "json"]), default="text")
def status(output: str) -> None:
    """Show whether an engine is running, and where."""
    from lakewright.engine import engine_status

    project = find_project(Path.cwd())
    handle = engine_status(project)
    if output == "json":
        known = {"project": str(project), "running": handle is not None}
        if handle:
            known |= {
                name: getattr(handle, name)
                for name in ("pid", "port", "spark", "java", "started_at", "python")
            }
        click.echo(json.dumps(known, indent=2))
    elif handle is None:
        click.echo(f"no engine is running for {project}; the next command that needs one starts it")
    else:
        click.echo(f"engine of {project}")
        click.echo(f"  process     {handle.pid}, listening on {handle.remote}")
        click.echo(f"  versions    Spark {handle.spark}, Java {handle.java}, {handle.python}")
        click.echo(f"  started at  {handle.started_at}")


@command.command()
@click.option("--force", is_flag=True, help="Stop it even during a run; the run's tasks fail.")
def stop(force: bool) -> None:  # noqa: FBT001 - Click passes flags by name
    """Stop the engine; tables and files stay. Fails while a run of this project is under way."""
    from lakewright.engine import stop_engine
    from lakewright.runner.record.run_lock import RunLock

    project = find_project(Path.cwd())
    if not force:
        RunLock(project / ".lakewright").refuse_if_held()
    click.echo("engine stopped" if stop_engine(project) else f"no engine is running for {project}")
