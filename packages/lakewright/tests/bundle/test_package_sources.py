"""LW703 and LW704: requests for our packages by their bare name, and wheels that are not as the lock describes them."""

import doctest
from hashlib import sha256

import pytest

from lakewright.bundle import all_findings
from lakewright.wheels import requests
from lakewright.wheels.requests import in_notebook, in_pyproject, in_requirements

pytestmark = pytest.mark.unit

WHEEL = "wheels/databricks_utils-0.1.0-py3-none-any.whl"


def found(requested):
    return [(each.line, each.requirement, each.name) for each in requested]


def test_the_examples():
    assert doctest.testmod(requests).failed == 0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("click\nDatabricks_Utils[ml]>=0.1 # ours\n", [(2, "Databricks_Utils[ml]>=0.1", "databricks-utils")]),
        ("--extra-index-url https://x\nlakewright\n", [(2, "lakewright", "lakewright")]),
        (
            "databricks-ai-agents==1; python_version > '3'",
            [(1, "databricks-ai-agents==1; python_version > '3'", "databricks-ai-agents")],
        ),
        ("--index-url https://x\nlakewright\n", []),
        ("-i https://x\nlakewright\n", []),
        ("--no-index\n--find-links wheels\nlakewright\n", []),
        ("lakewright==0.1.0 --hash=sha256:00\n", []),
        ("lakewright==0.1.0 \\\n  --hash=sha256:00\n", []),
        ("./wheels/lakewright-0.1.0-py3-none-any.whl[java]\n# lakewright\n", []),
        ("lakewright @ https://index.example.com/lakewright-0.1.0-py3-none-any.whl\n", []),
        ("lakewright-plugins\nmy-databricks-utils\n", []),
    ],
)
def test_requirements(text, expected):
    assert found(in_requirements(text)) == expected


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("[project]\ndependencies = ['databricks-utils']\n", [2]),
        (
            "[project]\ndependencies = ['databricks-utils']\n[tool.uv.sources]\ndatabricks-utils = {path = 'w'}\n",
            [2],
        ),
        ("[project.optional-dependencies]\nml = ['databricks-utils[ml]']\n", [2]),
        ("[dependency-groups]\ndev = [\n  'lakewright',\n  {include-group = 'x'},\n]\n", [3]),
        (
            "[dependency-groups]\ndev = ['lakewright']\n[tool.uv.sources]\nLakewright = {index = 'company'}\n",
            [],
        ),
        ("[project]\ndependencies = ['click']\n", []),
        ("[project\n", []),
    ],
)
def test_pyproject(text, lines):
    assert [each.line for each in in_pyproject(text)] == lines


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "x = 1\n# MAGIC %pip install -q click databricks-utils\n",
            [(2, "databricks-utils", "databricks-utils")],
        ),
        ("%pip install 'lakewright[java]==1'\n", [(1, "lakewright[java]==1", "lakewright")]),
        ("%uv pip install lakewright\n", [(1, "lakewright", "lakewright")]),
        ("# MAGIC %pip install --index-url https://x databricks-utils\n", []),
        ("# MAGIC %pip install -r ../requirements.txt\n", []),
        ("# MAGIC %pip install ../wheels/databricks_utils-0.1.0-py3-none-any.whl\n", []),
        ("print('%pip install lakewright')\n", []),
    ],
)
def test_notebooks(text, expected):
    assert found(in_notebook(text)) == expected


def job(task, more=""):
    return f"bundle: {{name: s}}\nresources:\n  jobs:\n    j:\n      tasks: [{task}]\n{more}"


ENVIRONMENT = (
    "      environments: [{{environment_key: e, spec: {{environment_version: '4', dependencies: [{}]}}}}]\n"
)
TASK = "{task_key: t, environment_key: e, spark_python_task: {python_file: m.py}}"


@pytest.mark.parametrize(
    ("text", "path"),
    [
        (
            job(
                "{task_key: t, job_cluster_key: c, libraries: [{pypi: {package: lakewright}}], spark_python_task: {python_file: m.py}}"
            ),
            "resources.jobs.j.tasks[0].libraries[0].pypi.package",
        ),
        (
            job(TASK, ENVIRONMENT.format("click, lakewright")),
            "resources.jobs.j.environments[0].spec.dependencies[1]",
        ),
        (
            "bundle: {name: s}\nresources:\n  pipelines:\n    p: {name: p, environment: {dependencies: [lakewright]}}\n",
            "resources.pipelines.p.environment.dependencies[0]",
        ),
    ],
)
def test_a_bundle_that_asks_for_one_of_our_packages(project, text, path):
    project.write(databricks=text)
    project.file("m.py", "")
    (finding,) = [finding for finding in all_findings(project.load()) if finding.code == "LW703"]
    assert (finding.path, finding.severity) == (path, "error")
    assert finding.location.file.name == "databricks.yml"
    assert "lakewright wheels update" in finding.fix


@pytest.mark.parametrize(
    "text",
    [
        job(
            "{task_key: t, job_cluster_key: c, libraries: [{pypi: {package: lakewright, repo: x}}], spark_python_task: {python_file: m.py}}"
        ),
        job(TASK, ENVIRONMENT.format("'--index-url https://x', lakewright")),
        job(TASK, ENVIRONMENT.format("./wheels/lakewright-0.1.0-py3-none-any.whl")),
        job(
            TASK,
            ENVIRONMENT.format("lakewright").replace(
                "\n", " # lakewright: ignore LW703 (the workspace has our index)\n"
            ),
        ),
    ],
)
def test_a_bundle_that_names_the_source(project, text):
    project.write(databricks=text)
    project.file("m.py", "")
    assert [finding for finding in all_findings(project.load()) if finding.code in {"LW703", "LW002"}] == []


def test_a_notebook_and_a_requirements_file_of_a_bundle_are_read(project):
    notebook = "{task_key: n, notebook_task: {notebook_path: ./n.py}}"
    project.write(databricks=job(f"{TASK}, {notebook}", ENVIRONMENT.format("'-r ./more/needed.txt'")))
    project.file("m.py", "")
    project.file("n.py", "# Databricks notebook source\n# MAGIC %pip install lakewright\n")
    project.file("more/needed.txt", "click\nlakewright\n")
    places = [finding.location for finding in all_findings(project.load()) if finding.code == "LW703"]
    assert sorted((place.file.name, place.line) for place in places) == [("n.py", 2), ("needed.txt", 2)]


def test_a_requirements_file_whose_path_stands_in_quotes_is_read(project):
    entry = """'-r "${workspace.file_path}/more files/needed.txt"'"""
    project.write(databricks=job(TASK, ENVIRONMENT.format(entry)))
    project.file("m.py", "")
    project.file("more files/needed.txt", "lakewright\n")
    (finding,) = [finding for finding in all_findings(project.load()) if finding.code == "LW703"]
    assert finding.location.file.name == "needed.txt"


def lock_of(content):
    return f"./{WHEEL} --hash=sha256:{sha256(content.encode()).hexdigest()}\n"


@pytest.mark.parametrize(
    ("lock", "files", "summary"),
    [
        (lock_of("a"), {WHEEL: "b"}, f"{WHEEL} is not the file that the lock describes: its sha256 differs"),
        (lock_of("a"), {}, f"{WHEEL} is in the lock, and the file is missing"),
        (
            lock_of("a"),
            {WHEEL: "a", WHEEL.replace("0.1.0", "99.0"): "b"},
            f"{WHEEL.replace('0.1.0', '99.0')} is not in the lock",
        ),
        ("lakewright\n", {}, "the lock of the wheels has a line that cannot be read"),
    ],
)
def test_a_wheel_that_is_not_as_locked(project, lock, files, summary):
    project.write(databricks="bundle: {name: s}\n")
    project.file("wheels/wheels.lock", f"# ours\n{lock}")
    for name, content in files.items():
        project.file(name, content)
    (finding,) = [finding for finding in all_findings(project.load()) if finding.code == "LW704"]
    assert (finding.summary, finding.severity) == (summary, "error")
    assert "lakewright wheels update" in finding.fix


@pytest.mark.parametrize(
    ("lock", "files"),
    [
        (lock_of("a"), {WHEEL: "a", "wheels/other-1.0-py3-none-any.whl": "b"}),
        ("--index-url https://x\ndatabricks-utils==0.1.0 --hash=sha256:" + "0" * 64 + "\n", {}),
    ],
)
def test_wheels_as_locked_or_not_downloaded_yet(project, lock, files):
    project.write(databricks="bundle: {name: s}\n")
    project.file("wheels/wheels.lock", lock)
    for name, content in files.items():
        project.file(name, content)
    assert [finding for finding in all_findings(project.load()) if finding.code == "LW704"] == []
