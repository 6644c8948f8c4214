"""`lakewright plan-gate`: refuse a deployment that destroys data which nobody has named."""

import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lakewright.commands.options.assignments import parse_variables
from lakewright.commands.options.time_limit import Seconds

if TYPE_CHECKING:
    from lakewright.bundle import Bundle
    from lakewright.deploy.gate import Allowance, Judgement

EXIT_REFUSED = 2
EXIT_CHANGES = 3
_SECONDS = 600
_NO_SUCH_TARGET = "LW501"


@click.command(name="plan-gate")
@click.argument("plan", required=False, metavar="[PLAN]")
@click.option(
    "-t", "--target", metavar="NAME", help="The target of the plan; without it, the default target."
)
@click.option(
    "--var",
    "assignments",
    multiple=True,
    metavar="NAME=VALUE",
    help="Set a variable, or several with commas: a=1,b=2; repeatable.",
)
@click.option(
    "--allow-delete",
    "deleted",
    multiple=True,
    metavar="KEY",
    help="Let the plan delete this one resource, such as resources.schemas.bronze; repeatable.",
)
@click.option(
    "--allow-recreate",
    "recreated",
    multiple=True,
    metavar="KEY",
    help="Let the plan delete this one resource and create it again; repeatable.",
)
@click.option(
    "--allowances",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="A file of allowances; without it, plan-gate.yml beside the bundle, if it is there.",
)
@click.option("--fail-on-changes", is_flag=True, help="Exit with 3 if anything differs that is not left out.")
@click.option(
    "--timeout",
    "seconds",
    type=Seconds(),
    default=_SECONDS,
    show_default=True,
    metavar="SECONDS",
    help="How long the Databricks CLI may take.",
)
@click.option(
    "-o", "--output", type=click.Choice(["text", "json", "markdown"]), default="text", show_default=True
)
def command(  # noqa: PLR0913 - the options of the command
    *,
    plan: str | None,
    target: str | None,
    assignments: tuple[str, ...],
    deleted: tuple[str, ...],
    recreated: tuple[str, ...],
    allowances: Path | None,
    fail_on_changes: bool,
    seconds: float,
    output: str,
) -> None:
    """Refuse a deployment plan that deletes or recreates anything that holds data, unless it is named.

    PLAN is a file with what `databricks bundle plan -o json` printed, or - for the standard input. Without it, the Databricks CLI is run.
    Deploy at once what was judged: databricks bundle deploy. With --plan PLAN it executes that very plan, but up to version 1.13 the
    Databricks CLI then uploads no wheels, and deletes those that are there.

    Differences that every plan shows are left out, with the reason.

    Exit code 0: the plan passes. 2: it is refused, or it cannot be read in full. 3: it passes, and --fail-on-changes finds changes.
    """
    from lakewright.deploy.gate import judge
    from lakewright.deploy.gate.allowances import allowances_of_options
    from lakewright.deploy.plan import read_plan

    variables = parse_variables(assignments)
    options = allowances_of_options(deleted, recreated)
    project = _project()
    if project is None and plan is None:
        from lakewright.project import find_project

        find_project(Path.cwd())  # raises
    bundle, note = _bundle(project, target, variables)
    if note:
        click.echo(note, err=True)
    required = bundle.cli_version if bundle else ""
    content, source = _content(
        plan, project, target=target, assignments=assignments, seconds=seconds, required=required
    )
    read = read_plan(content, source=source, target=target)
    name = target or (bundle.target if bundle else "")
    today = datetime.now(UTC).date()
    given = (*options, *_of_file(allowances, project, name, today))
    judgement = judge(read, today=today, allowances=given, bundle=bundle, target=name)
    _print(judgement, output)
    if not judgement.passes:
        sys.exit(EXIT_REFUSED)
    if fail_on_changes and judgement.has_changes:
        sys.exit(EXIT_CHANGES)


def _project() -> Path | None:
    from lakewright.project import ProjectNotFoundError, find_project

    try:
        return find_project(Path.cwd())
    except ProjectNotFoundError:
        return None


def _content(  # noqa: PLR0913 - what a run of the CLI depends on
    plan: str | None,
    project: Path | None,
    *,
    target: str | None,
    assignments: tuple[str, ...],
    seconds: float,
    required: str,
) -> tuple[bytes, str]:
    """Return the plan's JSON, and its name in messages."""
    from lakewright.deploy.plan import PlanError, run_plan
    from lakewright.deploy.plan.made_by import plan_command

    if plan == "-":
        return sys.stdin.buffer.read(), "standard input"
    if plan is None:
        assert project is not None
        printed = run_plan(
            project, target=target, assignments=assignments, seconds=seconds, required=required
        )
        return printed, "databricks bundle plan"
    try:
        return Path(plan).read_bytes(), plan
    except OSError as error:
        raise PlanError(
            f"the plan cannot be read: {error.strerror}",
            location=plan,
            fix=f"make it with: {plan_command(target)} > plan.json",
        ) from error


def _bundle(
    project: Path | None, target: str | None, variables: dict[str, str]
) -> "tuple[Bundle | None, str]":
    """Return the bundle, which says where the plan's resources are written, and a note if it cannot be used.

    Raises:
        BundleError: The bundle has no such target, so the plan's place and its allowances cannot be compared with it.
    """
    if project is None:
        return None, "note: there is no bundle here, so resources have no file and line"
    from lakewright.bundle import load_bundle
    from lakewright.bundle.findings.raising import raise_errors
    from lakewright.env_file import add_env_file

    add_env_file(project)
    bundle = load_bundle(project, target=target, variables=variables, run_python=False)
    if target and bundle.target != target:
        found = [each for each in bundle.diagnostics if each.code == _NO_SUCH_TARGET]
        raise_errors(found, of="the bundle", root=bundle.root)
        return None, "note: the bundle of this folder cannot be read, so resources have no file and line"
    return bundle, ""


def _of_file(file: Path | None, project: Path | None, target: str, today: date) -> "tuple[Allowance, ...]":
    from lakewright.deploy.gate.allowances import FILE, read_allowances
    from lakewright.deploy.gate.errors import AllowanceError

    if file is None and project is not None and (project / FILE).is_file():
        file = project / FILE
    if file is None:
        return ()
    found = read_allowances(file.absolute(), today=today)
    if found and not target:
        raise AllowanceError(
            "the allowances of a file are for a target, and the plan's is not known",
            location=str(file),
            fix="name it: lakewright plan-gate -t TARGET",
        )
    return found


def _print(judgement: "Judgement", output: str) -> None:
    if output == "json":
        from lakewright.deploy.gate.shown.as_json import as_json

        click.echo(as_json(judgement))
    elif output == "markdown":
        from lakewright.deploy.gate.shown.markdown import markdown_of

        click.echo(markdown_of(judgement))
    else:
        from lakewright.deploy.gate.shown.text import lines_of

        colours = {"refused": "red", "warning": "yellow", "allowed": "green"}
        for line in lines_of(judgement):
            colour = colours.get(line.partition(":")[0])
            click.echo(click.style(line, fg=colour) if colour else line)
