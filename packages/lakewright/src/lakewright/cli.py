"""The `lakewright` command: finds the subcommand, renders errors once, sets the exit code.

A subcommand is imported when it is called, so `--help` is as fast as that of a bare Click program.
"""

import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from importlib import import_module
from pathlib import Path

import click

from databricks_utils.errors import DiagnosedError
from lakewright import __version__

_COMMANDS: Mapping[str, str] = {
    "init": "Make a new project.",
    "run": "Run a job of the bundle on this machine.",
    "validate": "Check the bundle: syntax, variables, wiring.",
    "preflight": "Ask a workspace whether the bundle can be deployed there.",
    "plan-gate": "Refuse a deployment that destroys data which nobody has named.",
    "release": "Check a release, build its wheels once, deploy these very bytes.",
    "summary": "Print a local run as Markdown, for the page of a CI run.",
    "explain": "Explain a finding of validate, with an example.",
    "contract": "Check and show data contracts.",
    "grants": "Show, check and compare who may do what.",
    "quarantine": "Show quarantined records, and judge them again.",
    "quality": "Show how many rows fail each rule, run by run, and what is unusual.",
    "lineage": "Show what a table or a column is made of, and what is made of it.",
    "sql": "Run SQL statements on the project's lakehouse.",
    "shell": "Open IPython with spark, dbutils and display.",
    "engine": "Show or stop the project's Spark engine.",
    "config": "Show the configuration and where each value comes from.",
    "pipelines": "Check the pipelines of the CI system.",
    "wheels": "Check or replace the wheels of our packages in the project.",
    "clean": "Remove the files of local runs.",
    "doctor": "Check what a local run needs, and print a fix for each problem.",
    "runtimes": "Print the libraries of a Databricks runtime.",
}
# `init` makes a project; `validate` and `config` may be given another one than the current folder's, and read its `.env` themselves.
_WITHOUT_ENV_FILE = {
    "init",
    "validate",
    "preflight",
    "config",
    "explain",
    "contract",
    "grants",
    "runtimes",
    "release",
}
_DEBUG_VARIABLE = "LAKEWRIGHT_DEBUG"


class LazyGroup(click.Group):
    """A group whose commands live in `lakewright.commands.<name>` as `command`."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - Click's signature
        """Return the names of the commands, in the order in which a newcomer needs them."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - as above
        """Import one command."""
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = import_module(f"lakewright.commands.{cmd_name.replace('-', '_')}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - as above
        """List the commands from the table, without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find a command; suggest the nearest names if it is misspelled."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            from databricks_utils.nearest import nearest

            near = nearest(args[0], _COMMANDS, cutoff=0.5)
            if not near:
                raise
            raise click.UsageError(f"{error.message} Did you mean {' or '.join(near)}?", ctx) from error


@click.command(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="lakewright")
@click.pass_context
def cli(context: click.Context) -> None:
    """Run a Databricks bundle end to end on this machine: real Spark, real Delta, three-level names."""
    if context.invoked_subcommand not in _WITHOUT_ENV_FILE:
        from lakewright.env_file import add_env_file
        from lakewright.project import ProjectNotFoundError, find_project

        with suppress(ProjectNotFoundError):
            add_env_file(find_project(Path.cwd()))


def main() -> None:
    """Run the command line; print a user's mistake as a message, without a traceback."""
    try:
        cli(
            prog_name="lakewright"
        )  # also as `python -m lakewright`, and in a process that the warm one forks
    except DiagnosedError as error:
        if os.environ.get(_DEBUG_VARIABLE):
            raise
        click.echo(render_error(error, color=sys.stderr.isatty()), err=True)
        sys.exit(error.exit_code)


def render_error(error: DiagnosedError, *, color: bool = False) -> str:
    """Render an error for a terminal: the summary first, the fix last."""
    summary, *rest = str(error).splitlines()
    label = click.style("error:", fg="red", bold=True) if color else "error:"
    styled = [click.style(line, fg="green") if color and line.startswith("  fix:") else line for line in rest]
    return "\n".join([f"{label} {summary}", *styled])
