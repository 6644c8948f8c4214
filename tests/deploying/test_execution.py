"""A run on the fake workspace executes what was uploaded: Python files and wheels, in fresh interpreters."""

import subprocess
import sys
import sysconfig
from pathlib import Path
from textwrap import dedent

import pytest
from deploying.shop import Shop
from flights_on_workspace import TARGETS, deployer_of, make_ready
from workspace_fake.executing import execute_in
from workspace_fake.running import Task, TaskRun
from workspace_fake.workspace import FakeWorkspace

pytestmark = pytest.mark.unit

PROJECT = """\
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"
[project]
name = "sums"
version = "0.1.0"
[project.scripts]
add = "sums.add:main"
[tool.hatch.build.targets.wheel]
packages = ["src/sums"]
"""
ADD = """\
import argparse
from pathlib import Path


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--numbers")
    parser.add_argument("--day")
    given = parser.parse_args()
    print(given.day, sum(map(int, given.numbers.split("+"))), __file__)
"""
JOB = """\
resources:
  jobs:
    sums:
      name: sums
      parameters: [{name: day, default: monday}]
      environments:
        - {environment_key: main, spec: {environment_version: "4", dependencies: [../dist/sums-*.whl]}}
      tasks:
        - task_key: add
          environment_key: main
          python_wheel_task:
            package_name: sums
            entry_point: add
            named_parameters: {numbers: 1+2, day: "{{job.parameters.day}}"}
        - task_key: file
          depends_on: [{task_key: add}]
          environment_key: main
          spark_python_task: {python_file: ../src/load.py, parameters: ["{{job.parameters.day}}"]}
"""


@pytest.fixture
def sums(tmp_path, workspace) -> Shop:
    """A bundle with one job of a wheel task and a file task; its tasks are executed."""
    shop = Shop(tmp_path / "shop", workspace, parts=())
    shop.write("pyproject.toml", PROJECT)
    shop.write("src/sums/__init__.py", "")
    shop.write("src/sums/add.py", ADD)
    shop.write("resources/sums.yml", JOB)
    shop.write(
        "databricks.yml",
        (shop.root / "databricks.yml").read_text() + "artifacts: {sums: {type: whl, build: pip wheel .}}\n",
    )
    workspace.state.runner = execute_in(tmp_path / "exported")
    return shop


def outputs(shop: Shop, run) -> dict[str, dict]:
    client = shop.workspace.client(shop.token)
    path = "/api/2.2/jobs/runs/get-output"
    return {
        task["task_key"]: client.api_client.do("GET", path, query={"run_id": task["run_id"]})
        for task in run["tasks"]
    }


def test_a_job_of_a_wheel_and_of_a_file_runs_from_what_was_uploaded(sums, tmp_path):
    deployer = sums.deployer()
    deployer.deploy()
    run = deployer.run("sums", day="friday")
    assert run["state"] == {"life_cycle_state": "TERMINATED", "result_state": "SUCCESS", "state_message": ""}
    found = outputs(sums, run)
    assert found["file"]["logs"] == "loaded friday\n"
    day, result, file = found["add"]["logs"].split()
    assert (day, result) == ("friday", "3")
    assert file.startswith(f"{tmp_path}/exported/Shared/.bundle/shop/artifacts/.internal/sums-0.1.0")


def test_code_that_fails_fails_the_task_with_its_last_line_and_skips_what_follows(sums):
    sums.edit("src/sums/add.py", "def main():", "def main():\n    raise ValueError('no numbers')")
    deployer = sums.deployer()
    deployer.deploy()
    run = deployer.run("sums")
    assert run["state"]["result_state"] == "FAILED"
    assert run["state"]["state_message"] == "Task add failed with message: ValueError: no numbers."
    assert [task["state"]["result_state"] for task in run["tasks"]] == ["FAILED", "UPSTREAM_FAILED"]
    assert "Traceback" in outputs(sums, run)["add"]["error_trace"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("entry_point: add", "entry_point: subtract", "Entry point subtract was not found in the wheel sums"),
        ("package_name: sums", "package_name: numbers", "Python wheel with name numbers could not be found"),
        (
            '{{job.parameters.day}}"}',
            '{{job.parameters.hour}}"}',
            "The job parameter hour, which the task refers to",
        ),
    ],
)
def test_what_breaks_a_run_in_a_workspace_breaks_it_here(sums, old, new, message):
    sums.edit("resources/sums.yml", old, new)
    deployer = sums.deployer()
    deployer.deploy()
    state = deployer.run("sums")["state"]
    assert state["result_state"] == "FAILED"
    assert message in state["state_message"]


def test_files_that_are_gone_and_notebooks_that_do_not_parse_break_a_run(sums):
    sums.write("src/note.py", "# Databricks notebook source\nprint(1\n")
    sums.edit(
        "resources/sums.yml",
        'spark_python_task: {python_file: ../src/load.py, parameters: ["{{job.parameters.day}}"]}',
        "notebook_task: {notebook_path: ../src/note.py}",
    )
    deployer = sums.deployer()
    deployer.deploy()
    assert "SyntaxError" in deployer.run("sums")["state"]["state_message"]
    path = "/Shared/.bundle/shop/files/src/note"
    del sums.workspace.state.entries[path]
    message = deployer.run("sums")["state"]["state_message"]
    assert f"Unable to access the notebook /Workspace{path}" in message


def test_a_task_that_nothing_executed_is_never_a_success(sums):
    sums.write("src/note.py", "# Databricks notebook source\nprint(1)\n")
    sums.edit(
        "resources/sums.yml",
        'spark_python_task: {python_file: ../src/load.py, parameters: ["{{job.parameters.day}}"]}',
        "notebook_task: {notebook_path: ../src/note.py}",
    )
    deployer = sums.deployer()
    deployer.deploy()
    run = deployer.run("sums")
    assert [task["state"].get("result_state") for task in run["tasks"]] == ["SUCCESS", None]
    assert run["state"]["life_cycle_state"] == "SKIPPED"
    assert "result_state" not in run["state"]
    assert "not executed: file" in run["state"]["state_message"]


LOAD_ALL = dedent(
    """
    import sys
    from importlib.metadata import distributions
    wheels = sys.argv[1].split(":")
    sys.path[:0] = wheels
    sys.path += [sys.argv[2]]
    for each in distributions(path=wheels):
        for point in each.entry_points:
            if each.name != "databricks-utils":
                function = point.load()
                file = sys.modules[function.__module__].__file__
                print(point.name, callable(function), any(file.startswith(wheel) for wheel in wheels))
    import databricks_utils
    print("databricks_utils", True, any(databricks_utils.__file__.startswith(wheel) for wheel in wheels))
    """
)


def deployed_and_checked(workspace: FakeWorkspace, project: Path, target: str) -> dict[str, Task]:
    """Deploy the flights project, run every job, and return the tasks that passed the checks of a run, by their key."""
    seen: dict[str, Task] = {}

    def remember(task: Task) -> TaskRun | None:
        seen[task.task["task_key"]] = task
        return None

    workspace.state.runner = remember
    deployer = deployer_of(workspace, project, target, make_ready(workspace, project, target))
    deployer.deploy()
    jobs = deployer.bundle.resolved["resources"]["jobs"]
    assert {deployer.run(job)["state"]["life_cycle_state"] for job in jobs} == {"SKIPPED"}
    assert set(seen) == {
        task["task_key"] for job in jobs.values() for task in job["tasks"] if "run_job_task" not in task
    }
    return seen


def test_every_entry_point_of_the_flights_jobs_loads_from_the_uploaded_wheels_alone(
    flights, tmp_path, monkeypatch
):
    """In each target every task passes the checks of a run, and all upload the same wheels.

    Their entry points are loaded in a fresh interpreter that has these wheels and third-party packages, and nothing of this repository.
    """
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    wheels: dict[str, bytes] = {}
    wanted = {"databricks_utils"}
    for target in TARGETS:
        with FakeWorkspace() as workspace:
            for task in deployed_and_checked(workspace, flights, target).values():
                uploaded = {path.rpartition("/")[2]: data for path, data in task.wheels.items()}
                assert {name: wheels.setdefault(name, data) for name, data in uploaded.items()} == uploaded
                if "python_wheel_task" in task.task:
                    assert len(uploaded) == 2
                    wanted.add(task.task["python_wheel_task"]["entry_point"])
    for name, data in wheels.items():
        (tmp_path / name).write_bytes(data)
    paths = ":".join(str(tmp_path / name) for name in wheels)
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", LOAD_ALL, paths, sysconfig.get_path("purelib")],
        capture_output=True, text=True, cwd=tmp_path, env={"PATH": "/usr/bin:/bin"}, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    loaded = [line.split() for line in done.stdout.splitlines()]
    assert {line[0] for line in loaded} >= wanted
    assert all(line[1:] == ["True", "True"] for line in loaded), loaded
