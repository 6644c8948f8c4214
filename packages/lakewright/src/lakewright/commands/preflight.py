"""`lakewright preflight`: ask a workspace whether the bundle can be deployed there and run, and print what is missing."""

import sys
from pathlib import Path

import click

from lakewright.commands.options.assignments import parse_variables
from lakewright.commands.options.time_limit import Seconds

_EXIT_MISSING = 2
_COLOURS = {"ok": "green", "missing": "red", "not known": "yellow", "note": "cyan"}


@click.command(name="preflight")
@click.option("-t", "--target", metavar="NAME", help="The target to deploy; without it, the default target.")
@click.option(
    "--var",
    "assignments",
    multiple=True,
    metavar="NAME=VALUE",
    help="Set a variable, or several with commas: a=1,b=2; repeatable.",
)
@click.option("-p", "--profile", metavar="NAME", help="The profile of ~/.databrickscfg to sign in with.")
@click.option(
    "--as",
    "language",
    type=click.Choice(["sql", "terraform"]),
    default="sql",
    show_default=True,
    help="What missing grants are written in.",
)
@click.option("-o", "--output", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--all", "everything", is_flag=True, help="List what is fine too.")
@click.option(
    "--strict", is_flag=True, help="Fail on what is not known too, if somebody else could find it out."
)
@click.option(
    "--timeout",
    "seconds",
    type=Seconds(),
    default=300,
    show_default=True,
    metavar="SECONDS",
    help="After this time nothing more is asked; what was not asked is not known.",
)
@click.option(
    "--project",
    type=click.Path(exists=True, path_type=Path),
    default=Path(),
    metavar="FOLDER",
    help="A folder of the bundle; without it, the current one.",
)
def command(  # noqa: PLR0913 - Click passes each option by name
    *,
    target: str | None,
    assignments: tuple[str, ...],
    profile: str | None,
    language: str,
    output: str,
    everything: bool,
    strict: bool,
    seconds: float,
    project: Path,
) -> None:
    """Ask the workspace of a target whether the bundle can be deployed there, and print what is missing, as commands.

    Run it as who will deploy, since the answers depend on who asks. Nothing is changed. It needs the Databricks SDK:
    pip install databricks-sdk

    Exit code 0: nothing is missing. 2: something is missing, or not known with --strict, or the bundle has errors. 3: nobody could sign in.
    """
    from lakewright.bundle.reading.root_file import find_root
    from lakewright.deploy.preflight import examine
    from lakewright.deploy.preflight.grants_written import Language
    from lakewright.deploy.preflight.shown.as_json import report_json
    from lakewright.deploy.preflight.shown.text import lines_of
    from lakewright.env_file import add_env_file

    add_env_file(find_root(project).parent)
    variables = parse_variables(assignments)
    report = examine(project, target=target, variables=variables, profile=profile, seconds=seconds)
    chosen = Language(language)
    if output == "json":
        click.echo(report_json(report, language=chosen, strict=strict))
    else:
        for line in lines_of(report, language=chosen, everything=everything):
            colour = _COLOURS[line.status] if line.status else None
            click.echo(click.style(line.text, fg=colour) if colour else line.text)
    if not report.is_fine(strict=strict):
        sys.exit(_EXIT_MISSING)
