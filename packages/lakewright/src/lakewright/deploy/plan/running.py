"""Run `databricks bundle plan -o json`, and report its failure without the secrets that it may print."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from lakewright.databricks_cli.errors import CliError
from lakewright.databricks_cli.process import run
from lakewright.databricks_cli.program import find_cli, missing_cli, path_of_cli, unfit

_VARIABLE = "BUNDLE_VAR_"
_LINES = 20


def run_plan(  # noqa: PLR0913 - what a run of the CLI depends on
    project: Path,
    *,
    target: str | None,
    assignments: Sequence[str],
    seconds: float,
    required: str = "",
    environ: Mapping[str, str] | None = None,
) -> bytes:
    """Return what the CLI prints as a plan.

    Args:
        project: The folder of the bundle.
        target: The target; None for the default one.
        assignments: The values of `--var`; no failure shows them.
        seconds: How long it may take.
        required: The limits for the version of the CLI, as in `bundle.databricks_cli_version`.
        environ: The environment; by default that of this process.

    Raises:
        CliError: There is no CLI, it does not fit, it fails, or it does not end in time.
    """
    environ = dict(os.environ if environ is None else environ)
    program = path_of_cli(environ)
    if program is None:
        raise _or_a_file(missing_cli())
    command = [program, "bundle", "plan", "-o", "json"]
    command += ["-t", target] if target else []
    command += [part for each in assignments for part in ("--var", each)]
    values = [value for name, value in environ.items() if name.startswith(_VARIABLE)]
    values += [part.partition("=")[2].strip('"') for each in assignments for part in each.split(",")]
    done = run(command, project, environ, seconds=seconds, secrets=values)
    if done.code is None:
        raise CliError(
            f"`databricks bundle plan` did not end within {seconds:g} seconds",
            location=str(project),
            fix="give it more time with --timeout, or look at what it does: databricks bundle plan --debug",
        )
    if done.code != 0:
        cli = find_cli(environ)
        if cli and (error := unfit(cli, required)):
            raise _or_a_file(error)
        raise CliError(
            f"`databricks bundle plan` failed with exit code {done.code}",
            location=str(project),
            detail="\n".join(done.stderr.strip().splitlines()[-_LINES:]) or None,
            fix=f"run it alone: databricks bundle plan{f' -t {target}' if target else ''}",
        )
    return done.stdout


def _or_a_file(error: CliError) -> CliError:
    """Return an error of the CLI with the way to do without it."""
    return CliError(error.summary, fix=f"{error.fix}\nor give a plan: lakewright plan-gate plan.json")
