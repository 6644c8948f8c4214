"""Runs one task inside its process: prepares it, runs the code of its kind, and writes how it ended."""

from __future__ import annotations

import atexit
import contextlib
import os
import sys
from collections.abc import Callable
from pathlib import Path

from lakewright.rights import rights_of_process
from lakewright.runner.handover.problem import Problem
from lakewright.runner.handover.task_return import TaskReturn
from lakewright.runner.handover.task_spec import Kind, TaskSpec
from lakewright.runner.inside.dbutils.notebook import NotebookExit
from lakewright.runner.inside.failures import describe
from lakewright.runner.inside.task_runtime import TaskRuntime
from lakewright.storage.fuse import mount


def run_task(spec: TaskSpec) -> int:
    """Run one attempt; its result is in `spec.result_file`.

    Returns:
        The process's exit code: 0, the code of a `sys.exit`, or 1.
    """
    _prepare(spec)
    mount(spec.storage, rights_of_process(spec.storage.lakehouse))
    runtime = TaskRuntime(spec)
    for item in spec.lacking:
        runtime.note(f"the task asks for `{item}`, which is not here")
    code, ended = outcome(spec, runtime)
    with contextlib.suppress(Exception):
        runtime.close()
    with contextlib.suppress(Exception):
        atexit._run_exitfuncs()
    ended.write(Path(spec.result_file))
    return code


def _prepare(spec: TaskSpec) -> None:
    os.environ.update(spec.environment)
    Path(spec.cwd).mkdir(parents=True, exist_ok=True)
    os.chdir(spec.cwd)
    sys.argv = [spec.file or "", *spec.argv]
    own = [path for path in spec.sys_path if path not in sys.path]
    # A task imports from its own folders; the bundle's root is on no task's path on Databricks.
    sys.path[:] = [*own, *(path for path in sys.path if path not in {"", spec.root} or path in spec.sys_path)]


def outcome(spec: TaskSpec, runtime: TaskRuntime) -> tuple[int, TaskReturn]:
    """Run the code of a task; the process's exit code, and what it hands back."""
    try:
        value = _kind(spec.kind)(spec, runtime)
    except NotebookExit as left:
        return 0, TaskReturn(ok=True, exit_value=left.value, notes=runtime.notes)
    except SystemExit as left:
        return _system_exit(left, runtime)
    except KeyboardInterrupt:
        return 130, TaskReturn(ok=False, problem=Problem("interrupted"), notes=runtime.notes)
    except BaseException as error:  # noqa: BLE001 - whatever project code raises ends the task
        described = describe(error, runtime.places, lacking=spec.lacking)
        sys.stdout.flush()
        print(described.traceback, file=sys.stderr)  # noqa: T201 - the task's log
        return 1, TaskReturn(ok=False, problem=described.problem, notes=runtime.notes)
    return 0, TaskReturn(ok=True, exit_value=value, notes=runtime.notes, rows=runtime.rows)


def _system_exit(left: SystemExit, runtime: TaskRuntime) -> tuple[int, TaskReturn]:
    if left.code in {None, 0}:
        return 0, TaskReturn(ok=True, notes=runtime.notes)
    place = describe(left, runtime.places).problem
    code = left.code if isinstance(left.code, int) else 1
    if not isinstance(left.code, int):
        print(left.code, file=sys.stderr)  # noqa: T201 - as Python does
    problem = Problem(
        f"the code left with sys.exit({left.code!r})",
        detail=place.detail,
        location=place.location,
        fix="raise an error that says what is wrong; exit code 0, or none, is a success",
    )
    return code or 1, TaskReturn(ok=False, problem=problem, notes=runtime.notes)


def _kind(name: Kind) -> Callable[[TaskSpec, TaskRuntime], str | None]:
    """What runs a kind of task; imported when it is needed, since each task needs one."""
    if name == "notebook":
        from lakewright.runner.inside.notebook.running import run_notebook_task

        return run_notebook_task
    if name == "interrupt":
        from lakewright.runner.inside.statement_interrupt import interrupt_statements

        return interrupt_statements
    if name == "sql":
        from lakewright.runner.inside.sql.sql_task import run_sql_task

        return run_sql_task
    from lakewright.runner.inside.python_tasks import run_script, run_wheel

    return run_wheel if name == "wheel" else run_script
