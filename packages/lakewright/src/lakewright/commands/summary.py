"""`lakewright summary`: a local run as Markdown, for the page of a CI run."""

from pathlib import Path

import click

from lakewright.project import find_project


@click.command(name="summary")
@click.argument("run", required=False, metavar="[RUN]")
def command(*, run: str | None) -> None:
    """Print a run as Markdown: its tasks, the row accounting, the model's verdict.

    RUN is the id of a run, a folder below .lakewright/runs; without it, the last run.
    """
    from lakewright.runner.record.read_back import read_record
    from lakewright.runner.shown.markdown import markdown_of

    click.echo(markdown_of(read_record(find_project(Path.cwd()) / ".lakewright", run)))
