"""`lakewright engine`: show or end the engine of this project."""

import json
from pathlib import Path

import click

from lakewright.project import find_project


@click.group(name="engine")
def command() -> None:
    """Show or end the project's Spark engine."""


@command.command()
@click.option("-o", "--output", type=click.Choice(["text", "json"]), default="text")
def status(output: str) -> None:
    """Show whether an engine runs, and where."""
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
        click.echo(f"no engine runs for {project}; the next command that needs one starts it")
    else:
        click.echo(f"engine of {project}")
        click.echo(f"  process     {handle.pid}, listening on {handle.remote}")
        click.echo(f"  versions    Spark {handle.spark}, Java {handle.java}, {handle.python}")
        click.echo(f"  started at  {handle.started_at}")


@command.command()
@click.option("--force", is_flag=True, help="Also under a run: its tasks fail.")
def stop(force: bool) -> None:  # noqa: FBT001 - Click passes flags by name
    """End the engine; tables and files stay. Refused while a run is under way."""
    from lakewright.engine import stop_engine
    from lakewright.runner.record.run_lock import RunLock

    project = find_project(Path.cwd())
    if not force:
        RunLock(project / ".lakewright").refuse_if_held()
    click.echo("engine ended" if stop_engine(project) else f"no engine runs for {project}")
