"""Run `databricks bundle plan -o json`, and report its failure without the secrets that it may print."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from lakewright.deploy.plan.errors import CliError

PROGRAM = "databricks"
_VARIABLE = "BUNDLE_VAR_"
_LINES = 20
_SHORTEST = 6  # characters; shorter values of variables are words of any message
_SECRET_NAME = re.compile(
    r"token|secret|password|passwd|api_?key|private_?key|credential|authorization", re.I
)
_TOKEN = re.compile(
    r"\b(?:dapi|dose|dkea|dsapi)[0-9a-f]{16,}(?:-\d+)?\b|\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*|(?i:bearer)\s+\S+"
)
_IN_ADDRESS = re.compile(r"(://)[^/\s:@]+:[^/\s@]+@")


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
        assignments: The values of `--var`.
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
    code, printed, errors = _run(command, project, seconds, environ)
    if code != 0:
        text = without_secrets(errors.decode(errors="replace"), environ=environ, assignments=assignments)
        raise CliError(
            f"`databricks bundle plan` failed with exit code {code}",
            location=str(project),
            detail="\n".join(text.strip().splitlines()[-_LINES:]) or None,
            fix=f"run it alone: databricks bundle plan{f' -t {target}' if target else ''}",
        )
    return printed


def _run(
    command: list[str], project: Path, seconds: float, environ: Mapping[str, str]
) -> tuple[int, bytes, bytes]:
    process = subprocess.Popen(
        command,
        cwd=project,
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,  # the CLI may start terraform and builds of wheels
    )
    try:
        printed, errors = process.communicate(timeout=seconds)
    except BaseException as error:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        if not isinstance(error, subprocess.TimeoutExpired):
            raise
        raise CliError(
            f"`databricks bundle plan` did not end within {seconds:g} seconds",
            location=str(project),
            fix="give it more time with --timeout, or look at what it does: databricks bundle plan --debug",
        ) from None
    return process.returncode, printed, errors


def without_secrets(text: str, *, environ: Mapping[str, str], assignments: Sequence[str] = ()) -> str:
    """Return a message of the CLI without tokens, and without the values of variables whose names say that they are secret.

    Args:
        text: The message.
        environ: The environment of the CLI.
        assignments: The values of `--var`; all their values are left out.
    """
    secrets = [
        value for name, value in environ.items() if _SECRET_NAME.search(name) or name.startswith(_VARIABLE)
    ]
    secrets += [part.partition("=")[2].strip('"') for each in assignments for part in each.split(",")]
    for value in sorted(secrets, key=len, reverse=True):
        if len(value) >= _SHORTEST:
            text = text.replace(value, "***")
    return _IN_ADDRESS.sub(r"\1***@", _TOKEN.sub("***", text))
