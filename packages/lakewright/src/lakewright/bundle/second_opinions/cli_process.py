"""Runs of the Databricks CLI: its version, and `bundle validate` for one target, with a time limit and without tokens in what it prints."""

import os
import re
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Event

# From this version on, `-o json` prints the diagnostics on stderr; its predecessors, and the program of the PyPI package
# `databricks-cli`, do not. Source: databricks/cli, cmd/bundle/validate.go at the tags v0.230.0 and v0.240.0.
OLDEST = (0, 240, 0)
_VERSION = re.compile(r"(\d+)\.(\d+)\.(\d+)")
_SECRET_NAME = re.compile(r"TOKEN|SECRET|PASSWORD|CREDENTIALS|API_KEY|ACCESS_KEY", re.IGNORECASE)
_SHORTEST_SECRET = 6
_LOOKS_EVERY = 0.25  # seconds between two looks at the clock; a program that ends is noticed at once
_SECRET_TEXT = re.compile(
    r"\bdapi[0-9a-f]{8,}(?:-\d+)?|\bdose[0-9a-f]{8,}|\beyJ[\w-]{8,}\.[\w-]+\.[\w-]+|(?<=Bearer )\S+"
)


@dataclass(frozen=True)
class CliRun:
    """One finished run.

    Attributes:
        code: The exit code; None if the time limit ended it.
        stdout: What it printed.
        stderr: What it printed on stderr, without secrets.
    """

    code: int | None
    stdout: str
    stderr: str


def version_of(program: str, environ: Mapping[str, str]) -> tuple[int, int, int] | None:
    """Return the version of the CLI; None if the program tells none within ten seconds."""
    done = run([program, "--version"], Path.cwd(), environ, seconds=10)
    found = _VERSION.search(done.stdout or done.stderr)
    return (int(found[1]), int(found[2]), int(found[3])) if found else None


def run(
    command: Sequence[str],
    folder: Path,
    environ: Mapping[str, str],
    *,
    seconds: float,
    stop: Event | None = None,
) -> CliRun:
    """Run a program and return what it printed; at the time limit it ends, with every process that it started.

    Args:
        command: The program and its arguments.
        folder: The folder to run it in.
        environ: Its environment variables; their secrets are removed from what it printed.
        seconds: The time limit.
        stop: Ends the program at once when it is set, as if the time were over.
    """
    try:
        process = subprocess.Popen(
            list(command),
            cwd=folder,
            env=dict(environ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,
        )
    except OSError as error:
        return CliRun(127, "", str(error))
    last = time.monotonic() + seconds
    while time.monotonic() < last and not (stop and stop.is_set()):
        try:
            stdout, stderr = process.communicate(timeout=_LOOKS_EVERY)
        except subprocess.TimeoutExpired:
            continue
        return CliRun(process.returncode, stdout, without_secrets(stderr, environ))
    _end(process)
    return CliRun(None, "", "")


def _end(process: "subprocess.Popen[str]") -> None:
    if hasattr(os, "killpg"):
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.communicate()


def without_secrets(text: str, environ: Mapping[str, str]) -> str:
    """Return a text with `[redacted]` for values of secret variables and for everything that has the form of a token."""
    values = {
        value
        for name, value in environ.items()
        if _SECRET_NAME.search(name) and len(value) >= _SHORTEST_SECRET
    }
    for value in sorted(values, key=len, reverse=True):
        text = text.replace(value, "[redacted]")
    return _SECRET_TEXT.sub("[redacted]", text)
