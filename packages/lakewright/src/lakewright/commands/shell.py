"""`lakewright shell`: IPython attached to the project's engine."""

from pathlib import Path

import click

from lakewright.errors import LakewrightError
from lakewright.project import find_project


class ShellMissingError(LakewrightError, ModuleNotFoundError):
    """Raised when IPython is not installed."""


@click.command(name="shell")
@click.option("-c", "--command", "code", help="Run this code instead of asking for input.")
def command(code: str | None) -> None:
    """Open IPython with spark, dbutils and display; `%sql` runs SQL."""
    find_project(Path.cwd())
    try:
        import IPython
    except ModuleNotFoundError as error:
        raise ShellMissingError("IPython is not installed", fix="pip install 'lakewright[shell]'") from error
    arguments = ["--no-banner", "--no-confirm-exit", "--ext", "lakewright.exploring"]
    if code is None:
        click.echo(
            "spark, dbutils, display and sql are here; %sql SELECT … runs SQL; Ctrl-D leaves, the engine stays"
        )
    IPython.start_ipython(argv=[*arguments, *(["-c", code] if code else [])])
