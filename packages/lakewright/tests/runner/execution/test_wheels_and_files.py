"""The wheel and the file that a task needs: from the project's sources, a built wheel, or missing."""

import zipfile
from typing import Any

import pytest

from lakewright.runner.record.result import Status

pytestmark = pytest.mark.unit

PYPROJECT = """
[project]
name = "my-package"
version = "1"
[project.scripts]
score = "my_package.jobs:score"
"""


def wheel_task(entry_point: str = "score", **body: Any) -> dict[str, Any]:
    return {
        "task_key": "w",
        "python_wheel_task": {"package_name": "my_package", "entry_point": entry_point, **body},
    }


def test_a_wheel_runs_from_the_source_tree_without_being_built(project: Any) -> None:
    project.write("pyproject.toml", PYPROJECT)
    project.write("src/my_package/__init__.py", "def loose():\n    print('loose')\n")
    project.write("src/my_package/jobs.py", "import sys\ndef score():\n    print('argv', sys.argv)\n")
    summary = project.run(
        wheel_task(named_parameters={"day": "1"}), parameters=[{"name": "env", "default": "dev"}]
    )
    assert summary.status == "success", summary.as_dict()
    assert "argv ['score', '--day=1', '--env=dev']" in project.log("w")
    assert project.run(wheel_task(parameters=["a", "b"])).status == "success"
    assert "argv ['score', 'a', 'b']" in project.log("w")
    assert project.run(wheel_task("loose")).status == "success"


def test_an_entry_point_that_the_wheel_lacks_names_the_nearest(project: Any) -> None:
    project.write("pyproject.toml", PYPROJECT)
    project.write("src/my_package/__init__.py", "")
    found = project.run(wheel_task("scor")).tasks["w"].problem
    assert "no entry point `scor`" in found.summary
    assert "`score`" in (found.fix or "")


def test_a_wheel_that_is_only_built_runs_from_the_wheel(project: Any) -> None:
    (project.root / "dist").mkdir()
    with zipfile.ZipFile(project.root / "dist" / "my_package-1-py3-none-any.whl", "w") as archive:
        archive.writestr("my_package/__init__.py", "def main():\n    print('from the wheel')\n")
        archive.writestr(
            "my_package-1.dist-info/entry_points.txt", "[console_scripts]\ngo = my_package:main\n"
        )
    summary = project.run({**wheel_task("go"), "libraries": [{"whl": "dist/*.whl"}]})
    assert summary.status == "success", summary.as_dict()
    assert "from the wheel" in project.log("w")


SETUP = """
from setuptools import setup
setup(name="my-package", version="1", package_dir={"": "src"}, packages=["my_package"],
      entry_points={"console_scripts": ["%s = my_package.jobs:score" % "score"]})
"""


def test_a_project_with_setup_py_runs_its_edited_sources_and_not_the_wheel_of_yesterday(project: Any) -> None:
    project.write("setup.py", SETUP)
    project.write("src/my_package/__init__.py", "")
    project.write("src/my_package/jobs.py", "def score():\n    print('from the sources')\n")
    (project.root / "dist").mkdir()
    with zipfile.ZipFile(project.root / "dist" / "my_package-1-py3-none-any.whl", "w") as archive:
        archive.writestr("my_package/jobs.py", "def score():\n    print('stale')\n")
    summary = project.run({**wheel_task(), "libraries": [{"whl": "dist/*.whl"}]})
    assert summary.status == "success", summary.as_dict()
    assert "from the sources" in project.log("w")


def test_an_entry_point_of_setup_cfg_runs(project: Any) -> None:
    project.write(
        "setup.cfg",
        "[metadata]\nname = my-package\n[options.entry_points]\nconsole_scripts =\n    score = my_package.jobs:score\n",
    )
    project.write("my_package/__init__.py", "")
    project.write("my_package/jobs.py", "def score():\n    print('from setup.cfg')\n")
    assert project.run(wheel_task()).status == "success"
    assert "from setup.cfg" in project.log("w")


def test_a_missing_notebook_is_a_config_failure_that_names_the_nearest(project: Any) -> None:
    project.notebook("notebooks/01_ingest", "pass")
    summary = project.run({"task_key": "n", "notebook_task": {"notebook_path": "notebooks/01_ingst"}})
    assert summary.tasks["n"].status is Status.CONFIG
    assert "`01_ingest.py`" in (summary.tasks["n"].problem.fix or "")
