"""Run `databricks bundle plan -o json`, and report its failure without the secrets that it may print."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from lakewright.databricks_cli.process import run
from lakewright.deploy.plan.errors import CliError

PROGRAM = "databricks"
_VARIABLE = "BUNDLE_VAR_"
_LINES = 20


def run_plan(
    project: Path,
    *,
    target: str | None,
    assignments: Sequence[str],
    seconds: float,
    environ: Mapping[str, str] | None = None,
) -> bytes:
    """Return what the CLI prints as a plan.

    Args:
        project: The folder of the bundle.
        target: The target; None for the default one.
        assignments: The values of `--var`; no failure shows them.
        seconds: How long it may take.
        environ: The environment; by default that of this process.

    Raises:
        CliError: There is no CLI, it fails, or it does not end in time.
    """
    environ = dict(os.environ if environ is None else environ)
    program = shutil.which(PROGRAM, path=environ.get("PATH"))
    if program is None:
        raise CliError(
            "the Databricks CLI is not on PATH, so there is no plan",
            fix="install it (https://docs.databricks.com/dev-tools/cli/install), or give a plan:\n"
            "lakewright plan-gate plan.json",
        )
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
        raise CliError(
            f"`databricks bundle plan` failed with exit code {done.code}",
            location=str(project),
            detail="\n".join(done.stderr.strip().splitlines()[-_LINES:]) or None,
            fix=f"run it alone: databricks bundle plan{f' -t {target}' if target else ''}",
        )
    return done.stdout
