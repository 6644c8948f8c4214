"""`lakewright doctor` compares a project's environment with the runtimes of its jobs."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from lakewright.bundle import load_bundle
from lakewright.cli import cli
from lakewright.machine_checks import Finding
from lakewright.runtime_checks import examine_runtimes
from lakewright.runtime_checks.installation import Installation
from lakewright.runtime_checks.used import runtimes_of
from lakewright.runtimes import constraints_of, find_runtime

pytestmark = pytest.mark.unit

SERVERLESS = """
    environments: [{environment_key: main, spec: {environment_version: "4"}}]
    tasks: [{task_key: load, environment_key: main, notebook_task: {notebook_path: load.py}}]
"""


def cluster(spark_version: str) -> str:
    return f"""
    job_clusters: [{{job_cluster_key: main, new_cluster: {{spark_version: "{spark_version}", num_workers: 1}}}}]
    tasks: [{{task_key: load, job_cluster_key: main, notebook_task: {{notebook_path: load.py}}}}]
"""


def project(folder: Path, *jobs: str, constraints: str | None = "serverless-4", pyproject: str = "") -> Path:
    (folder / "load.py").write_text("# Databricks notebook source\nprint(1)\n", encoding="utf-8")
    listed = "".join(f"\n   job_{number}:{job}" for number, job in enumerate(jobs))
    text = f"bundle: {{name: shop}}\ntargets: {{dev: {{default: true}}, prod: {{}}}}\nresources:\n  jobs:{listed}\n"
    (folder / "databricks.yml").write_text(text, encoding="utf-8")
    if constraints:
        (folder / "constraints.txt").write_text(constraints_of(find_runtime(constraints)), encoding="utf-8")
    if pyproject:
        (folder / "pyproject.toml").write_text(pyproject, encoding="utf-8")
    return folder


def as_in(runtime: str, *, python: str = "3.12.3", **others: str) -> Installation:
    versions = {name: version.replace("*", "1") for name, version in find_runtime(runtime).libraries.items()}
    return Installation(python, {**versions, **others})


def warnings(found: list[Finding]) -> list[tuple[str, str | None]]:
    return [(each.seen, each.fix) for each in found if each.level != "ok"]


def test_an_environment_like_the_runtime_has_nothing_to_fix(tmp_path):
    found = examine_runtimes(
        project(tmp_path, SERVERLESS), installation=as_in("serverless-4", pyspark="4.2.0")
    )
    assert warnings(found) == []
    seen = [each.seen for each in found]
    assert re.fullmatch(
        r"\d\d libraries are those of serverless-4, by environment_version: 4 \(databricks\.yml:6\)", seen[0]
    )
    assert "pyspark 4.2.0 here, Spark 4.0 there" in seen[1]


def test_each_different_library_is_named_with_what_to_install(tmp_path):
    here = as_in("serverless-4", pandas="2.3.3", numpy="2.4.6")
    assert warnings(examine_runtimes(project(tmp_path, SERVERLESS), installation=here)) == [
        ("numpy 2.4.6; serverless-4 has 2.1.3", "pip install 'numpy==2.1.3'"),
        ("pandas 2.3.3; serverless-4 has 2.2.3", "pip install 'pandas==2.2.3'"),
    ]


def test_another_python_is_named(tmp_path):
    here = as_in("serverless-4", python="3.11.7")
    ((seen, fix),) = warnings(examine_runtimes(project(tmp_path, SERVERLESS), installation=here))
    assert seen == "Python 3.11.7; serverless-4 has 3.12"
    assert (
        fix
        == "make the environment with it: python3.12 -m venv --clear .venv && .venv/bin/pip install -r requirements-dev.txt"
    )


def test_a_library_that_the_project_pins_is_not_compared_but_named(tmp_path):
    pyproject = '[project]\nname = "shop"\ndependencies = ["mlflow_skinny==3.17.2", "pandas>=2", "scipy==1.17.1", "x @ ://"]\n'
    folder = project(tmp_path, SERVERLESS, pyproject=pyproject)
    here = as_in("serverless-4", **{"mlflow-skinny": "3.17.2", "scipy": "1.17.1", "pandas": "2.3.3"})
    found = examine_runtimes(folder, installation=here)
    assert [seen for seen, _ in warnings(found)] == ["pandas 2.3.3; serverless-4 has 2.2.3"]
    own = "the project brings its own mlflow-skinny 3.17.2 (serverless-4 has 2.22.0), scipy 1.17.1 (serverless-4 has 1.15.1)"
    assert own in [each.seen for each in found]


@pytest.mark.parametrize(
    "pyproject", ["not toml [", "[project]\nname = 'x'\n", "[project]\ndependencies = 3\n"]
)
def test_a_pyproject_without_dependencies_pins_nothing(tmp_path, pyproject):
    folder = project(tmp_path, SERVERLESS, pyproject=pyproject)
    here = as_in("serverless-4", scipy="1.17.1")
    assert [seen for seen, _ in warnings(examine_runtimes(folder, installation=here))] == [
        "scipy 1.17.1; serverless-4 has 1.15.1"
    ]


def test_missing_constraints_are_named(tmp_path):
    folder = project(tmp_path, SERVERLESS, constraints=None)
    ((seen, fix),) = warnings(examine_runtimes(folder, installation=as_in("serverless-4")))
    assert "constraints.txt is missing" in seen
    assert (
        fix == "lakewright runtimes serverless-4 > constraints.txt, then pip install -r requirements-dev.txt"
    )


def test_constraints_of_the_runtime_before_are_named_after_a_change_of_the_bundle(tmp_path):
    folder = project(tmp_path, cluster("17.3.x-scala2.13"), constraints="serverless-4")
    ((seen, fix),) = warnings(examine_runtimes(folder, installation=as_in("dbr-17.3-ml")))
    assert seen == "constraints.txt does not hold the libraries of dbr-17.3-ml"
    assert fix.startswith("lakewright runtimes dbr-17.3-ml > constraints.txt")


def test_constraints_from_an_older_list_are_named(tmp_path):
    folder = project(tmp_path, SERVERLESS)
    file = folder / "constraints.txt"
    file.write_text(
        file.read_text(encoding="utf-8").replace("pandas==2.2.3", "pandas==2.2.2"), encoding="utf-8"
    )
    ((seen, _),) = warnings(examine_runtimes(folder, installation=as_in("serverless-4")))
    assert seen == "constraints.txt does not hold the libraries of serverless-4"


@pytest.mark.parametrize(
    ("job", "name", "listed"),
    [
        (SERVERLESS, "serverless-4", "serverless-4"),
        (SERVERLESS.replace('environment_version: "4"', 'client: "5"'), "serverless-5", "serverless-5-ml"),
        (
            SERVERLESS.replace(
                'environment_version: "4"', "base_environment: workspace-base-environments/databricks_ai_v5"
            ),
            "serverless-5-ml",
            "serverless-5-ml",
        ),
        (cluster("17.3.x-scala2.13"), "dbr-17.3", "dbr-17.3-ml"),
        (cluster("17.3.x-cpu-ml-scala2.13"), "dbr-17.3", "dbr-17.3-ml"),
        (cluster("auto:latest-lts"), "auto:latest-lts", None),
        (
            SERVERLESS.replace('environment_version: "4"', "base_environment: /Volumes/a/b/c/env.yaml"),
            "/Volumes/a/b/c/env.yaml",
            None,
        ),
        (
            """
    tasks:
      - task_key: each
        for_each_task:
          inputs: "[1]"
          task:
            task_key: one
            new_cluster: {spark_version: 17.3.x-scala2.13, num_workers: 1}
            notebook_task: {notebook_path: load.py}
""",
            "dbr-17.3",
            "dbr-17.3-ml",
        ),
    ],
)
def test_the_runtime_is_read_from_the_bundle(tmp_path, job, name, listed):
    (used,) = runtimes_of(load_bundle(project(tmp_path, job)))
    runtime = used.find_list()
    assert (used.name, runtime.name if runtime else None) == (name, listed)


def test_a_runtime_without_a_list_is_named_and_not_compared(tmp_path):
    folder = project(tmp_path, cluster("auto:latest-lts"))
    ((seen, fix),) = warnings(examine_runtimes(folder, installation=as_in("serverless-4", python="3.9.1")))
    assert "spark_version: auto:latest-lts" in seen
    assert "no list of its libraries is known" in seen
    assert "serverless-4" in fix


@pytest.mark.parametrize("job", [cluster("16.4.x-scala2.12"), SERVERLESS.replace('"4"', '"3"')])
def test_a_runtime_below_the_oldest_supported_is_named(tmp_path, job):
    found = warnings(examine_runtimes(project(tmp_path, job), installation=as_in("serverless-4")))
    assert "is older than the oldest supported runtimes" in found[0][0]
    assert "Databricks Runtime 17.3 LTS" in found[0][1]


def test_all_runtimes_of_a_bundle_are_compared(tmp_path):
    folder = project(tmp_path, SERVERLESS, cluster("17.3.x-scala2.13"))
    found = warnings(examine_runtimes(folder, installation=as_in("serverless-4")))
    assert ("sqlparse 0.5.3; dbr-17.3-ml has 0.4.2", "pip install 'sqlparse==0.4.2'") in found


def test_a_bundle_with_errors_is_left_to_validate(tmp_path):
    folder = project(tmp_path, SERVERLESS)
    ((seen, fix),) = warnings(examine_runtimes(folder, target="nope", installation=as_in("serverless-4")))
    assert (seen, fix) == ("unknown: the bundle has errors", "lakewright validate -t nope")


def test_a_bundle_without_compute_names_no_runtime(tmp_path):
    folder = project(tmp_path, "\n    tasks: [{task_key: load, notebook_task: {notebook_path: load.py}}]\n")
    (found,) = examine_runtimes(folder, installation=as_in("serverless-4"))
    assert found.level == "ok"
    assert "names none" in found.seen


def test_doctor_prints_the_comparison(tmp_path, monkeypatch):
    monkeypatch.chdir(project(tmp_path, SERVERLESS, constraints=None))
    printed = CliRunner().invoke(cli, ["doctor", "-t", "prod"]).output
    assert "constraints.txt is missing" in printed
    assert "fix: lakewright runtimes serverless-4 > constraints.txt" in printed
