"""Commands of the shell: `%sh` cells and `!command`."""

from __future__ import annotations

import subprocess

from lakewright.runner.errors import NotebookError

_SHELL = "/bin/bash"
_STRICT = "-e"


class ShellCommandError(NotebookError):
    """Raised when a command of a `%sh -e` cell fails."""


def run_script(source: str) -> int:
    """Run the source of a `%sh` cell and return its exit code; its output goes to the log.

    As on Databricks, a command that fails does not fail the cell, and the commands behind it run; `-e` changes both.

    Args:
        source: What follows `%sh`.

    Raises:
        ShellCommandError: A command failed, and the cell has `-e`.
    """
    options, script = _options(source)
    code = subprocess.run([_SHELL, *options, "-c", script], check=False, stdin=subprocess.DEVNULL).returncode
    if code and _STRICT in options:
        raise ShellCommandError(
            f"a command of the `%sh -e` cell ended with code {code}",
            fix="its output in the log says why; `%sh` without `-e` goes on behind a command that fails",
        )
    return code


def run_command(command: str) -> int:
    """Run a `!command` and return its exit code."""
    return subprocess.run([_SHELL, "-c", command], check=False, stdin=subprocess.DEVNULL).returncode


def output_of(command: str) -> tuple[list[str], int]:
    """Run a command and return the lines that it prints, errors among them, and its exit code."""
    done = subprocess.run(
        [_SHELL, "-c", command],
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    return done.stdout.splitlines(), done.returncode


def _options(source: str) -> tuple[list[str], str]:
    """The options in a cell's first line, and the script."""
    line, separator, rest = source.partition("\n")
    first, _, command = line.strip().partition(" ")
    if first == _STRICT:
        return [_STRICT], f"{command}{separator}{rest}"
    return [], source
