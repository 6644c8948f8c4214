"""IPython's own magics that notebooks use besides Databricks': `%env`, `%cd`, `%pwd`, `%%capture`, and the options of `%timeit`."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterator, MutableMapping
from pathlib import Path
from typing import Any

from lakewright.runner.errors import NotebookError

_ASSIGNMENT = re.compile(r"(?P<name>\w+)(?:\s*=\s*|\s+)(?P<value>.*)", re.DOTALL)
_TIMEIT_OPTIONS = re.compile(r"^(?:-[nrtcpqo]\s*\d*\s+)+")

_CAPTURE_OPTIONS = frozenset({"--no-stdout", "--no-stderr", "--no-display"})


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


@contextlib.contextmanager
def captured(options: str, namespace: MutableMapping[str, Any]) -> Iterator[None]:
    """`%%capture [--no-stdout] [--no-stderr] [--no-display] [name]`: the output becomes an object instead of being printed.

    Args:
        options: What follows `%%capture` in its line.
        namespace: The global names of the cells, which get `name`.

    Raises:
        NotebookError: The line has something else.
    """
    from IPython.utils.capture import capture_output  # IPython takes 0.3 s to import

    words = options.split()
    names = [word for word in words if word not in _CAPTURE_OPTIONS]
    if len(names) > 1 or not all(name.isidentifier() for name in names):
        raise NotebookError(
            f"`%%capture {options.strip()}` is not known",
            fix="write `%%capture [--no-stdout] [--no-stderr] [--no-display] [name]`",
        )
    with capture_output("--no-stdout" not in words, "--no-stderr" not in words, display=False) as output:
        try:
            yield
        finally:
            namespace.update(dict.fromkeys(names, output))
