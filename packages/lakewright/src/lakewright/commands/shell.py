"""`lakewright shell`: IPython attached to the project's engine."""

from pathlib import Path

import click

from lakewright.project import find_project


@click.command(name="shell")
@click.option("-c", "--command", "code", help="Run this code instead of asking for input.")
def command(code: str | None) -> None:
    """Open IPython with spark, dbutils and display; `%sql` runs SQL."""
    import IPython

    find_project(Path.cwd())
    arguments = ["--no-banner", "--no-confirm-exit", "--ext", "lakewright.exploring"]
    if code is None:
        click.echo(
            "spark, dbutils, display and sql are defined; %sql SELECT … runs SQL; Ctrl-D exits, the engine stays"
        )
    IPython.start_ipython(argv=[*arguments, *(["-c", code] if code else [])])
