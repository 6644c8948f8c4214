"""`dbutils.notebook.run`: the other notebook gets a process of its own, so that its time limit can end it."""

from __future__ import annotations

import contextlib
import glob
import itertools
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from lakewright.runner.errors import NotebookError
from lakewright.runner.handover.exit_codes import describe_exit
from lakewright.runner.handover.programs import PRELOAD_VARIABLE, TASK_COMMAND
from lakewright.runner.handover.session_address import session_in, with_new_session
from lakewright.runner.handover.task_return import TaskReturn
from lakewright.runner.handover.task_spec import TaskSpec
from lakewright.runner.inside.notebook.named_notebook import named_notebook

_numbers = itertools.count(1)
# Files beside the results: the sessions of the notebooks that one started, and the process group of one that runs.
_SESSIONS = ".sessions"
_GROUP = ".group"
_END_SECONDS = 5.0
_CHECK_SECONDS = 0.02
_INTERRUPT_SECONDS = 30.0


class ChildNotebookError(NotebookError):
    """Raised when a notebook that was started by `dbutils.notebook.run` fails or takes too long."""


def run_notebook_in_process(
    spec: TaskSpec, folder: Path, path: str, timeout_seconds: float, arguments: Mapping[str, str]
) -> str:
    """Run a notebook in a process of its own and return its exit value.

    Args:
        spec: The task that calls.
        folder: Its notebook's folder; relative paths begin there.
        path: The notebook.
        timeout_seconds: How long it may take; 0 for no limit.
        arguments: Values of its widgets.

    Raises:
        ChildNotebookError: It failed, or took too long.
        NotebookError: It does not exist.
    """
    file = named_notebook(spec, folder, path)
    child = child_spec(spec, file, arguments)
    _remember_session(spec, child)
    sys.stdout.flush()
    try:
        code = _run(child, timeout_seconds or None)
    except subprocess.TimeoutExpired as error:
        _end_groups(_lines_below(Path(child.result_file), _GROUP))
        _stop_statements(child)
        raise ChildNotebookError(
            f"`{path}` took longer than {timeout_seconds:g} s and was ended",
            location=_shown(file, spec),
            fix="raise timeout_seconds, or find out from the log what it waits for",
        ) from error
    return _exit_value(TaskReturn.read(Path(child.result_file)), code, file, spec)


def child_spec(spec: TaskSpec, file: Path, arguments: Mapping[str, str]) -> TaskSpec:
    """The spec of a notebook that a task starts: as the task's, but with a session of its own.

    In the task's session it would see the task's temporary views, and its end would stop that session.
    """
    return replace(
        spec,
        kind="notebook",
        file=str(file),
        cwd=str(file.parent),
        parameters=dict(arguments),
        argv=[],
        sys_path=[str(file.parent), *spec.sys_path],
        result_file=str(Path(spec.result_file).with_suffix(f".child{next(_numbers)}.json")),
        environment=with_new_session(spec.environment),
    )


def sessions_below(result_file: Path) -> list[str]:
    """Names of the sessions of all notebooks that a task started, directly or through others."""
    return _lines_below(result_file, _SESSIONS)


def _lines_below(result_file: Path, kind: str) -> list[str]:
    files = result_file.parent.glob(f"{glob.escape(result_file.stem)}.*")
    found = [file.read_text(encoding="utf-8") for file in sorted(files) if file.suffix == kind]
    return [line for text in found for line in text.splitlines()]


def _remember_session(spec: TaskSpec, child: TaskSpec) -> None:
    """Write down the child's session: if this process is killed, its statements must be ended."""
    if name := session_in(child.environment):
        with Path(spec.result_file).with_suffix(_SESSIONS).open("a", encoding="utf-8") as stream:
            stream.write(f"{name}\n")


def _run(spec: TaskSpec, timeout: float | None) -> int:
    group = Path(spec.result_file).with_suffix(_GROUP)
    process = subprocess.Popen(
        TASK_COMMAND,
        stdin=subprocess.PIPE,
        env={**os.environ, PRELOAD_VARIABLE: ""},  # this process starts with its code at once
        start_new_session=True,  # a group of its own: it is ended with all that it started, and without the caller
    )
    group.write_text(str(process.pid), encoding="utf-8")
    assert process.stdin is not None
    process.stdin.write(spec.to_json().encode() + b"\n")
    process.stdin.flush()
    try:
        return process.wait(timeout)
    finally:
        if process.poll() is None:
            _kill(process.pid)
            process.wait()
        group.unlink(missing_ok=True)
        process.stdin.close()


def _end_groups(groups: list[str]) -> None:
    """Kill groups of processes, and wait until they have ended."""
    deadline = time.monotonic() + _END_SECONDS
    left = [int(group) for group in groups]
    while left and time.monotonic() < deadline:
        left = [group for group in left if _kill(group)]
        time.sleep(_CHECK_SECONDS if left else 0)


def _kill(group: int) -> bool:
    """Kill a group; whether there was one."""
    try:
        os.killpg(group, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def _stop_statements(child: TaskSpec) -> None:
    if child.spark == "none":
        return
    again = replace(
        child,
        kind="interrupt",
        argv=sessions_below(Path(child.result_file)),
        result_file=f"{child.result_file}.interrupt",
    )
    with contextlib.suppress(subprocess.TimeoutExpired):
        _run(again, _INTERRUPT_SECONDS)


def _exit_value(ended: TaskReturn | None, code: int, file: Path, spec: TaskSpec) -> str:
    if ended is not None and ended.ok:
        return ended.exit_value or ""
    if ended is not None and ended.problem is not None:
        problem = ended.problem
        raise ChildNotebookError(
            problem.summary,
            detail=problem.detail,
            location=problem.location or _shown(file, spec),
            fix=problem.fix,
        )
    summary, fix = describe_exit(code)
    raise ChildNotebookError(f"`{file.name}`: {summary}", location=_shown(file, spec), fix=fix)


def _shown(file: Path, spec: TaskSpec) -> str:
    return os.path.relpath(file, spec.root)
