"""IPython's own magics that notebooks use besides Databricks': `%env`, `%cd`, `%pwd`, and the options of `%timeit`."""

from __future__ import annotations

import os
import re
from pathlib import Path

from lakewright.runner.errors import NotebookError

_ASSIGNMENT = re.compile(r"(?P<name>\w+)(?:\s*=\s*|\s+)(?P<value>.*)", re.DOTALL)
_TIMEIT_OPTIONS = re.compile(r"^(?:-[nrtcpqo]\s*\d*\s+)+")


def set_variable(line: str) -> None:
    """`%env NAME=value`, `%env NAME value` or, to print a variable, `%env NAME`."""
    text = line.strip()
    match = _ASSIGNMENT.fullmatch(text)
    if match is None:
        print(os.environ.get(text, ""), flush=True)  # noqa: T201 - the task's log
        return
    os.environ[match["name"]] = match["value"].strip()


def change_folder(line: str) -> None:
    """`%cd folder`; without a folder, the user's home.

    Raises:
        NotebookError: There is no such folder.
    """
    folder = Path(line.strip().strip("\"'") or "~").expanduser()
    try:
        os.chdir(folder)
    except OSError as error:
        raise NotebookError(
            f"`%cd {line.strip()}`: {error.strerror}", fix="name a folder that exists"
        ) from error


def print_folder(line: str) -> None:
    """`%pwd`."""
    del line
    print(Path.cwd(), flush=True)  # noqa: T201 - the task's log


def timed_statement(line: str) -> str:
    """The statement of `%timeit` without the options that say how often to run it; here it runs once."""
    return _TIMEIT_OPTIONS.sub("", line.lstrip(" "))
