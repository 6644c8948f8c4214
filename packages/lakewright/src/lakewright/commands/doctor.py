"""`lakewright doctor`: print the findings; exit with 2 if a problem would make a run fail."""

import sys
from pathlib import Path

import click

from lakewright.project import ProjectNotFoundError, find_project

_SIGNS = {"ok": ("ok", "green"), "warning": ("warn", "yellow"), "error": ("FAIL", "red")}


@click.command(name="doctor")
@click.option(
    "-t",
    "--target",
    metavar="NAME",
    help="The target whose runtime is compared; by default the default target.",
)
def command(*, target: str | None) -> None:
    """Check what a local run needs, and compare Python and libraries with the runtime of the jobs; print a fix for each problem."""
    from lakewright.machine_checks import examine
    from lakewright.runtime_checks import examine_runtimes

    try:
        project: Path | None = find_project(Path.cwd())
    except ProjectNotFoundError:
        project = None
    findings = examine(project)
    if project:
        findings += examine_runtimes(project, target=target)
    for finding in findings:
        sign, color = _SIGNS[finding.level]
        click.echo(f"{click.style(f'{sign:<4}', fg=color)}  {finding.name:<18}{finding.seen}")
        if finding.fix:
            click.echo(f"      {'':<18}fix: {finding.fix}")
    if any(finding.level == "error" for finding in findings):
        sys.exit(2)
