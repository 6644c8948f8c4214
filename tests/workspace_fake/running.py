"""Runs the tasks of a job: in order, with what breaks real runs checked first, and executed by the runner that a test gives."""

import ast
import configparser
import fnmatch
import io
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from workspace_fake.handlers.files import may_read, plain
from workspace_fake.state import Json, State

NOT_EXECUTED = "the fake workspace checked this task and did not execute it"
_PARAMETER = re.compile(r"\{\{\s*job\.parameters\.([^}\s]+)\s*\}\}")


@dataclass(frozen=True)
class Task:
    """A task that is about to be executed.

    Attributes:
        state: What the workspace holds.
        settings: The settings of its job.
        task: Its own.
        parameters: The job's parameters, resolved.
        wheels: The wheels of its environment, by their paths in the workspace.
        run_as: Whom the job runs as.
    """

    state: State
    settings: Json
    task: Json
    parameters: Json
    wheels: dict[str, bytes]
    run_as: str


@dataclass(frozen=True)
class TaskRun:
    """How a task ended. `result` is None where it was not executed."""

    key: str
    result: str | None
    message: str = ""
    output: str = ""
    life_cycle: str = field(default="TERMINATED")


Runner = Callable[[Task], TaskRun | None]
"""Executes a task; None if it does not execute this kind of task."""


def run_tasks(
    state: State, settings: Json, parameters: Json, run_as: str, nested: Callable[[int, Json], Json]
) -> list[TaskRun]:
    """Run the tasks of a job as a principal, each after those that it depends on."""
    done: dict[str, TaskRun] = {}
    left = {task["task_key"]: task for task in settings.get("tasks", [])}
    while left:
        key = next(key for key, task in left.items() if not _needed(task) & left.keys())
        task = left.pop(key)
        before = [done[each] for each in _needed(task)]
        failed = [each.key for each in before if each.result not in ("SUCCESS", None)]
        if failed and task.get("run_if", "ALL_SUCCESS") == "ALL_SUCCESS":
            done[key] = TaskRun(key, "UPSTREAM_FAILED", f"upstream failed: {', '.join(failed)}")
        elif "run_job_task" in task:
            done[key] = _run_job(task, nested, parameters)
        else:
            done[key] = _run_task(Task(state, settings, task, parameters, {}, run_as))
    return [done[task["task_key"]] for task in settings.get("tasks", [])]


def _needed(task: Json) -> set[str]:
    return {each["task_key"] for each in task.get("depends_on", [])}


def _run_job(task: Json, nested: Callable[[int, Json], Json], parameters: Json) -> TaskRun:
    given = {
        k: _resolved(v, parameters) for k, v in (task["run_job_task"].get("job_parameters") or {}).items()
    }
    try:
        run = nested(int(task["run_job_task"]["job_id"]), given)
    except Exception as refusal:  # the API's refusal of the nested run is the task's failure
        return TaskRun(task["task_key"], "FAILED", str(refusal))
    state = run["state"]
    return TaskRun(
        task["task_key"],
        state.get("result_state"),
        state["state_message"],
        life_cycle=state["life_cycle_state"],
    )


def _resolved(text: Any, parameters: Json) -> Any:
    if not isinstance(text, str):
        return text
    return _PARAMETER.sub(lambda found: str(parameters.get(found[1], found[0])), text)


def _run_task(task: Task) -> TaskRun:
    key = task.task["task_key"]
    problem = next(_problems(task), None)
    if problem:
        return TaskRun(key, "FAILED", problem)
    runner: Runner | None = task.state.runner
    found = runner(task) if runner else None
    return found or TaskRun(key, None, NOT_EXECUTED, life_cycle="SKIPPED")


def _problems(task: Task) -> Iterator[str]:
    """Yield what would break a task before its first line; collect its wheels."""
    for value in _texts(task.task):
        for name in _PARAMETER.findall(value):
            if name not in task.parameters:
                yield f"The job parameter {name}, which the task refers to, is not defined in the job"
    for path in _libraries(task.settings, task.task):
        found = _matching(task.state, path)
        if not found:
            yield f"Library installation failed: {path} does not exist in the workspace"
        if not all(may_read(task.state, task.run_as, each) for each in found):
            yield f"Library installation failed: {task.run_as} is not permitted to read {path}"
        task.wheels.update(found)
    for data in task.wheels.values():
        if not zipfile.is_zipfile(io.BytesIO(data)):
            yield "Library installation failed: the wheel is not a zip file"
    yield from _problems_of_code(task)


def _problems_of_code(task: Task) -> Iterator[str]:
    if "notebook_task" in task.task:
        path = task.task["notebook_task"]["notebook_path"]
        entry = task.state.entries.get(plain(path))
        if entry is None or entry.kind != "NOTEBOOK" or not may_read(task.state, task.run_as, plain(path)):
            yield (
                f"Unable to access the notebook {path}. Either it does not exist, or the identity used to run "
                f"this job, {task.run_as}, lacks the required permissions."
            )
        else:
            yield from _syntax(path, entry.data)
    if "spark_python_task" in task.task:
        path = task.task["spark_python_task"]["python_file"]
        entry = task.state.entries.get(plain(path))
        if entry is None or not may_read(task.state, task.run_as, plain(path)):
            yield f"Cannot read the python file {path}. Please check driver logs for more details."
        else:
            yield from _syntax(path, entry.data)
    if "python_wheel_task" in task.task:
        wanted = task.task["python_wheel_task"]
        points, package = entry_points_of(task.wheels), wanted["package_name"].replace("_", "-").lower()
        if package not in {name for name, _ in points}:
            yield f"Python wheel with name {wanted['package_name']} could not be found. Please check the driver logs for more details"
        elif (package, wanted["entry_point"]) not in points:
            yield f"Entry point {wanted['entry_point']} was not found in the wheel {wanted['package_name']}"


def _syntax(path: str, data: bytes) -> Iterator[str]:
    text = data.decode()
    if not any(line.startswith(("%", "!")) for line in text.splitlines()):
        try:
            ast.parse(text)
        except SyntaxError as error:
            yield f"SyntaxError in {path}: {error.msg} (line {error.lineno})"


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _texts(each)


def _libraries(settings: Json, task: Json) -> list[str]:
    """Return the paths in the workspace of a task's libraries, those of its environment included."""
    found = [path for each in task.get("libraries", []) if (path := each.get("whl"))]
    for environment in settings.get("environments", []):
        if environment["environment_key"] == task.get("environment_key"):
            found += (environment.get("spec") or {}).get("dependencies") or []
    return [path for path in found if path.startswith("/")]


def _matching(state: State, path: str) -> dict[str, bytes]:
    wanted = plain(path)
    return {
        each: entry.data
        for each, entry in state.entries.items()
        if entry.kind == "FILE" and (each == wanted or fnmatch.fnmatchcase(each, wanted))
    }


def entry_points_of(wheels: dict[str, bytes]) -> set[tuple[str, str]]:
    """Return package and name of each entry point of wheels, and each package with an empty name."""
    found = set()
    for path, data in wheels.items():
        package = path.rpartition("/")[2].partition("-")[0].replace("_", "-").lower()
        found.add((package, ""))
        with zipfile.ZipFile(io.BytesIO(data)) as wheel:
            for name in wheel.namelist():
                if name.endswith(".dist-info/entry_points.txt"):
                    parser = configparser.ConfigParser(delimiters=("=",))
                    parser.read_string(wheel.read(name).decode())
                    found |= {(package, point) for section in parser.sections() for point in parser[section]}
    return found
