"""`dbutils.notebook.run`: the other notebook has a process of its own, so its time limit can end it."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from lakewright.runner.errors import NotebookError
from lakewright.runner.notebooks import find_notebook
from lakewright.runner.task_spec import TaskReturn, TaskSpec

_numbers = itertools.count(1)


class ChildNotebookError(NotebookError):
    """Raised when a notebook that was started by `dbutils.notebook.run` fails or takes too long."""


def run_notebook_in_process(
    spec: TaskSpec, folder: Path, path: str, timeout_seconds: float, arguments: Mapping[str, str]
) -> str:
    """Run a notebook beside this one and give its exit value.

    Args:
        spec: The task that asks.
        folder: Its notebook's folder; relative paths begin there.
        path: The notebook.
        timeout_seconds: How long it may take; 0 for as long as it wants.
        arguments: Values of its widgets.

    Raises:
        ChildNotebookError: It failed, or its time was over.
        NotebookError: It is not there.
    """
    file = find_notebook(Path(path) if Path(path).is_absolute() else (folder / path).resolve())
    result = Path(spec.result_file).with_suffix(f".child{next(_numbers)}.json")
    child = replace(
        spec,
        kind="notebook",
        file=str(file),
        cwd=str(file.parent),
        parameters=dict(arguments),
        argv=[],
        sys_path=[str(file.parent), *spec.sys_path],
        result_file=str(result),
    )
    sys.stdout.flush()
    process = subprocess.Popen(
        [sys.executable, "-m", "lakewright.runner.task_process"], stdin=subprocess.PIPE
    )
    assert process.stdin is not None
    process.stdin.write(child.to_json().encode() + b"\n")
    process.stdin.flush()
    try:
        process.wait(timeout_seconds or None)
    except subprocess.TimeoutExpired as error:
        raise ChildNotebookError(
            f"`{path}` took longer than {timeout_seconds:g} s and was ended",
            location=_shown(file, spec),
            mend="raise timeout_seconds, or find out from the log what it waits for",
        ) from error
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
        process.stdin.close()
    return _exit_value(TaskReturn.read(result), process.returncode, file, spec)


def _exit_value(ended: TaskReturn | None, code: int, file: Path, spec: TaskSpec) -> str:
    if ended is not None and ended.ok:
        return ended.exit_value or ""
    if ended is not None and ended.problem is not None:
        problem = ended.problem
        raise ChildNotebookError(
            problem.summary,
            detail=problem.detail,
            location=problem.location or _shown(file, spec),
            mend=problem.mend,
        )
    raise ChildNotebookError(
        f"`{file.name}` ended with code {code} and no result", location=_shown(file, spec)
    )


def _shown(file: Path, spec: TaskSpec) -> str:
    return os.path.relpath(file, spec.root)
