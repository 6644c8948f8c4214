"""Run a program with a time limit that ends its children too, and without secrets in what it reports."""

import os
import signal
import subprocess
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from lakewright.shown_text.secret_values import without_secrets

_LOOKS_EVERY = 0.25  # seconds between two looks at the clock; a program that ends is noticed at once


@dataclass(frozen=True)
class CliRun:
    """One finished run.

    Attributes:
        code: The exit code; None if the time limit ended it.
        stdout: What it printed.
        stderr: What it printed on stderr, without secrets.
    """

    code: int | None
    stdout: bytes
    stderr: str

    @property
    def printed(self) -> str:
        """What it printed, as text."""
        return self.stdout.decode(errors="replace")


def run(  # noqa: PLR0913 - what a run of a program depends on
    command: Sequence[str],
    folder: Path,
    environ: Mapping[str, str],
    *,
    seconds: float,
    secrets: Iterable[str] = (),
    stop: Event | None = None,
) -> CliRun:
    """Run a program and return what it printed; at the time limit it ends, with every process that it started.

    Args:
        command: The program and its arguments.
        folder: The folder to run it in.
        environ: Its environment variables; their secrets are removed from what it reports.
        seconds: The time limit.
        secrets: Other values that are removed from it.
        stop: Ends the program when it is set, as if the time were over.
    """
    try:
        process = subprocess.Popen(
            list(command),
            cwd=folder,
            env=dict(environ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,  # the CLI may start terraform, scripts and builds of wheels
        )
    except OSError as error:
        return CliRun(127, b"", str(error))
    try:
        return _finished(process, environ, seconds, secrets, stop)
    except BaseException:
        _end(process)
        raise


def _finished(
    process: "subprocess.Popen[bytes]",
    environ: Mapping[str, str],
    seconds: float,
    secrets: Iterable[str],
    stop: Event | None,
) -> CliRun:
    last = time.monotonic() + seconds
    while (left := last - time.monotonic()) > 0 and not (stop and stop.is_set()):
        try:
            stdout, stderr = process.communicate(timeout=min(left, _LOOKS_EVERY))
        except subprocess.TimeoutExpired:
            continue
        text = without_secrets(stderr.decode(errors="replace"), environ, values=secrets)
        return CliRun(process.returncode, stdout, text)
    _end(process)
    return CliRun(None, b"", "")


def _end(process: "subprocess.Popen[bytes]") -> None:
    if hasattr(os, "killpg"):
        with suppress(ProcessLookupError):  # the group has ended meanwhile
            os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.communicate()
