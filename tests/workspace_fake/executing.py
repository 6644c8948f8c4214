"""A runner that executes tasks: Python files and entry points of wheels, each in a fresh interpreter, as they were uploaded.

    workspace.state.runner = execute_in(folder)

The interpreter sees the wheels of the task's environment and the third-party packages that are installed here; no editable installation,
no working folder of the project, no environment variables. So what was not uploaded is not there. Notebooks are not executed.
"""

import re
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any

from workspace_fake.handlers.files import plain
from workspace_fake.running import Runner, Task, TaskRun
from workspace_fake.state import State

_PARAMETER = re.compile(r"\{\{\s*job\.parameters\.([^}\s]+)\s*\}\}")
_WHEEL = """
import sys
from importlib.metadata import distributions
wheels, installed, package, name, *sys.argv[1:] = sys.argv[1:]
sys.path[:0] = [*wheels.split(":"), *sys.path[:0]]
sys.path += [installed]
found = [point for each in distributions(path=wheels.split(":")) for point in each.entry_points if point.name == name]
point = found[0].load()
module = sys.modules[point.__module__]
assert any(module.__file__.startswith(wheel) for wheel in wheels.split(":")), f"{module.__file__} is not from the uploaded wheels"
point()
"""
_FILE = """
import runpy, sys
wheels, installed, file, *sys.argv[1:] = sys.argv[1:]
sys.path[:0] = [each for each in wheels.split(":") if each]
sys.path += [installed]
runpy.run_path(file, run_name="__main__")
"""
_SECONDS = 60


def execute_in(folder: Path) -> Runner:
    """Return a runner that puts the workspace's files below a folder and executes tasks there."""

    def run(task: Task) -> TaskRun | None:
        command = _command(task, folder)
        if command is None:
            return None
        export(task.state, folder)
        done = subprocess.run(
            [sys.executable, "-I", "-S", "-c", *command],
            cwd=folder,
            env={"PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
        )
        output = done.stdout + done.stderr
        if done.returncode:
            last = output.strip().splitlines()[-1] if output.strip() else f"exit code {done.returncode}"
            return TaskRun(task.task["task_key"], "FAILED", last, output)
        return TaskRun(task.task["task_key"], "SUCCESS", output=output)

    return run


def export(state: State, folder: Path) -> None:
    """Write the files and notebooks of the workspace below a folder, notebooks with their ending."""
    for path, entry in state.entries.items():
        if entry.kind in ("FILE", "NOTEBOOK"):
            file = folder / (path.lstrip("/") + (".py" if entry.kind == "NOTEBOOK" else ""))
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(entry.data)


def _command(task: Task, folder: Path) -> list[str] | None:
    """Return the program and its arguments; None for a task that is not executed."""
    wheels = ":".join(str(folder / path.lstrip("/")) for path in task.wheels)
    installed = sysconfig.get_path("purelib")
    if "python_wheel_task" in task.task:
        wanted = task.task["python_wheel_task"]
        return [
            _WHEEL,
            wheels,
            installed,
            wanted["package_name"],
            wanted["entry_point"],
            *_arguments(task, wanted),
        ]
    if "spark_python_task" in task.task:
        wanted = task.task["spark_python_task"]
        file = folder / plain(wanted["python_file"]).lstrip("/")
        return [_FILE, wheels, installed, str(file), *_arguments(task, wanted)]
    return None


def _arguments(task: Task, wanted: dict[str, Any]) -> list[str]:
    named = [f"--{name}={value}" for name, value in (wanted.get("named_parameters") or {}).items()]
    return [
        _PARAMETER.sub(lambda found: str(task.parameters[found[1]]), each)
        for each in (*(wanted.get("parameters") or ()), *named)
    ]
