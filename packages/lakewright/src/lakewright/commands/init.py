"""`lakewright init`: make a project from the template that ships with the package."""

import shlex
from pathlib import Path

import click

from lakewright.commands.assignments import parse_assignments


@click.command(name="init")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--defaults", is_flag=True, help="Take every default instead of asking.")
@click.option(
    "-d", "--data", "answers", multiple=True, metavar="KEY=VALUE", help="Answer a question; repeatable."
)
@click.option("--index", help="Where our packages come from: a folder of wheels or an index address.")
def command(folder: Path, defaults: bool, answers: tuple[str, ...], index: str | None) -> None:  # noqa: FBT001 - Click passes flags by name
    """Make a new project in FOLDER."""
    from lakewright.scaffold import render_project

    given = parse_assignments(answers, option="--data")
    if index:
        given["package_index"] = index
    project = render_project(folder, answers=given, ask=not defaults)
    click.echo(f"\nmade {project}\n\nnext:")
    click.echo(f"  cd {shlex.quote(str(folder))}")
    click.echo("  python3 -m venv .venv && .venv/bin/pip install -r requirements-dev.txt")
    click.echo("  .venv/bin/lakewright run main_pipeline")
