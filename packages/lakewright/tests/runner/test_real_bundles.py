"""Small bundles on disk, from databricks.yml to the end of the run, in the ways that public bundles are written."""

import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from lakewright.bundle import LocalOverlay, classify_task, load_bundle
from lakewright.commands.run import command
from lakewright.runner.planning.options import RunOptions
from lakewright.runner.record.summary import RunSummary
from lakewright.runner.run_job import run_job

pytestmark = pytest.mark.unit
NOTEBOOK = "# Databricks notebook source\n"
TARGET = """
    bundle: {name: mixed}
    include: [resources/*.yml]
    targets: {dev: {default: true}}
"""


def run(project: Any, job: str, **options: Any) -> RunSummary:
    bundle = load_bundle(project.root, local=LocalOverlay({}))
    judge = lambda key, task: classify_task(bundle, key, dict(task))  # noqa: E731 - shorter than a function
    return run_job(bundle, job, options=RunOptions(**options), classify=judge)


# The two regions wait for each other, which proves that they run at once.
SAY = """
import sys, time
from pathlib import Path

regions = [Path(__file__).with_name(name) for name in ("north", "south")]
if sys.argv[1] in ("north", "south"):
    Path(__file__).with_name(sys.argv[1]).touch()
    while not all(region.exists() for region in regions):
        time.sleep(0.01)
print("got", sys.argv[1:])
"""


def dry_run(project: Any, monkeypatch: Any, *arguments: str) -> Any:
    monkeypatch.chdir(project.root)
    return CliRunner().invoke(command, [*arguments, "--dry-run"])


OUTER = """
        resources:
          jobs:
            outer:
              tasks:
                - {task_key: plan, notebook_task: {notebook_path: ../src/plan}}
                - task_key: each_region
                  depends_on: [{task_key: plan}]
                  for_each_task:
                    inputs: "{{tasks.plan.values.regions}}"
                    concurrency: 2
                    task:
                      task_key: one_region
                      run_job_task:
                        job_id: ${resources.jobs.inner.id}
                        job_parameters: {region: "{{input.name}}", days: "{{input.days}}"}
                - task_key: many
                  depends_on: [{task_key: plan}]
                  condition_task: {left: "{{tasks.plan.values.count}}", op: GREATER_THAN, right: "9"}
                - task_key: as_text
                  depends_on: [{task_key: plan}]
                  condition_task: {left: "{{tasks.plan.values.count}}", op: EQUAL_TO, right: "10.0"}
                - task_key: if_many
                  depends_on: [{task_key: many, outcome: "true"}]
                  spark_python_task: {python_file: ../src/say.py, parameters: [left, "{{tasks.plan.values.count}}"]}
                - task_key: if_same_text
                  depends_on: [{task_key: as_text, outcome: "true"}]
                  spark_python_task: {python_file: ../src/say.py, parameters: [never]}
                - task_key: beside
                  depends_on: [{task_key: many, outcome: "true"}]
                  spark_python_task: {python_file: ../src/say.py, parameters: [right]}
        """
INNER = """
        resources:
          jobs:
            inner:
              parameters: [{name: region, default: none}, {name: days, default: "[]"}]
              tasks:
                - task_key: each_day
                  for_each_task:
                    inputs: "{{job.parameters.days}}"
                    task:
                      task_key: one_day
                      spark_python_task:
                        python_file: ../src/say.py
                        parameters: ["{{job.parameters.region}}", "{{input}}"]
        """
PLAN = """
regions = [{"name": "north", "days": [1, 2]}, {"name": "south", "days": [3]}]
dbutils.jobs.taskValues.set("regions", regions)
dbutils.jobs.taskValues.set("count", 10)
"""


def test_loops_in_loops_conditions_and_parallel_tasks_of_one_bundle_keep_their_own_values(
    project: Any,
) -> None:
    project.write("databricks.yml", TARGET)
    project.write("resources/outer.yml", OUTER)
    project.write("resources/inner.yml", INNER)
    project.write("src/plan.py", NOTEBOOK + PLAN)
    project.write("src/say.py", SAY)
    summary = run(project, "outer", max_processes=3)
    assert summary.status == "success", summary.as_dict()
    days = [key for key in summary.tasks if re.fullmatch(r"each_region\[.\]/each_day\[.\]", key)]
    assert {key: project.log(key.replace("/", ".")).strip() for key in days} == {
        "each_region[0]/each_day[0]": "got ['north', '1']",
        "each_region[0]/each_day[1]": "got ['north', '2']",
        "each_region[1]/each_day[0]": "got ['south', '3']",
    }
    assert project.log("if_many").strip() == "got ['left', '10']"
    assert project.log("beside").strip() == "got ['right']"
    assert (summary.tasks["many"].outcome, summary.tasks["as_text"].outcome) == ("true", "false")
    assert summary.tasks["if_same_text"].status.value == "skipped"


def test_code_beside_the_bundle_that_is_synchronised_is_found_by_script_and_notebook(project: Any) -> None:
    shared = project.write("shared/greetings.py", "def hello(): return 'hello of shared'\n")
    project.root = project.root / "app"
    project.write(
        "databricks.yml",
        """
        bundle: {name: app}
        sync: {paths: [../shared, .]}
        resources:
          jobs:
            j:
              tasks:
                - task_key: script
                  spark_python_task: {python_file: src/s.py, parameters: ["${workspace.file_path}/shared"]}
                - task_key: notebook
                  notebook_task: {notebook_path: src/n, base_parameters: {at: "${workspace.file_path}/shared"}}
        """,
    )
    project.write(
        "src/s.py", "import sys\nsys.path.append(sys.argv[1])\nimport greetings\nprint(greetings.hello())\n"
    )
    project.write(
        "src/n.py",
        NOTEBOOK
        + "import sys\nsys.path.append(dbutils.widgets.get('at'))\nimport greetings\nprint(greetings.__file__)\n",
    )
    summary = run(project, "j")
    assert summary.status == "success", summary.as_dict()
    assert "hello of shared" in project.log("script")
    assert str(shared) in project.log("notebook")


def test_paths_of_the_workspace_lead_to_the_bundles_files_and_to_no_others(project: Any) -> None:
    project.write(
        "databricks.yml",
        """
        bundle: {name: app}
        targets: {dev: {default: true, workspace: {host: https://example.com, root_path: /Workspace/Shared/app}}}
        resources:
          jobs:
            j:
              tasks:
                - task_key: t
                  notebook_task:
                    notebook_path: /Workspace/Shared/app/files/src/n
                    base_parameters: {root: "/Workspace${workspace.file_path}"}
                - task_key: other
                  notebook_task: {notebook_path: src/other}
        """,
    )
    project.write("src/shared.py", NOTEBOOK + "word = 'included'\n")
    project.write("src/child.py", NOTEBOOK + "dbutils.notebook.exit('child')\n")
    project.write("lib/greetings.py", "def hello(): return 'hello'\n")
    project.write("data/a.csv", "n\n7\n")
    project.write(
        "src/n.py",
        NOTEBOOK
        + """
import os, sys
notebook = dbutils.notebook.entry_point.getDbutils().notebook().getContext().notebookPath().get()
root = os.path.dirname(os.path.dirname("/Workspace" + notebook))
sys.path.append(root + "/lib")
import greetings
with open(root + "/data/a.csv") as file:
    print(notebook, greetings.hello(), file.read().split())
print(dbutils.notebook.run("/Workspace/Shared/app/files/src/child", 60), dbutils.notebook.run("/Shared/app/files/src/child", 60))
print(open(dbutils.widgets.get("root") + "/data/a.csv").read().split())

# COMMAND ----------

# MAGIC %run /Workspace/Shared/app/files/src/shared

# COMMAND ----------

print(word)
""",
    )
    project.write("src/other.py", NOTEBOOK + "# MAGIC %run /Workspace/Shared/other/setup\n")
    summary = run(project, "j")
    log = project.log("t")
    assert summary.tasks["t"].status == "success", log
    assert "/Shared/app/files/src/n hello ['n', '7']" in log
    assert "child child" in log
    assert "included" in log
    assert "`/Workspace/Shared/other/setup` is not one of the bundle's notebooks" in project.log("other")
    assert "those are below /Workspace/Shared/app/files" in project.log("other")


def test_two_wheels_of_the_bundle_run_from_their_sources_and_a_third_from_its_file(project: Any) -> None:
    import zipfile

    project.write(
        "databricks.yml",
        """
        bundle: {name: wheels}
        artifacts:
          one: {type: whl, build: poetry build, path: one}
          two: {type: whl, build: uv build, path: two}
        resources:
          jobs:
            j:
              tasks:
                - task_key: t
                  spark_python_task: {python_file: main.py}
                  libraries: [{whl: one/dist/*.whl}, {whl: two/dist/*.whl}, {whl: vendor/three-1.0-*.whl}]
        """,
    )
    project.write("one/pyproject.toml", '[tool.poetry]\nname = "one"\nversion = "1"\n')
    project.write("one/src/one/__init__.py", "word = 'one'\n")
    project.write("two/pyproject.toml", '[project]\nname = "two"\nversion = "1"\n')
    project.write("two/two/__init__.py", "from one import word\nwords = [word, 'two']\n")
    (project.root / "vendor").mkdir()
    with zipfile.ZipFile(project.root / "vendor/three-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("three.py", "word = 'three'\n")
    project.write("main.py", "import three, two\nprint([*two.words, three.word])\n")
    summary = run(project, "j")
    assert summary.status == "success", summary.as_dict()
    assert project.log("t").strip() == "['one', 'two', 'three']"
    assert summary.tasks["t"].notes == ()


BROKEN = """
    bundle: {name: broken}
    resources:
      jobs:
        j:
          tasks:
            - {task_key: good, notebook_task: {notebook_path: good}}
            - {task_key: gone, notebook_task: {notebook_path: goood}}
            - {task_key: waits, depends_on: [{task_key: gooood}], notebook_task: {notebook_path: good}}
            - {task_key: stream, sql_task: {file: {path: stream.sql}, warehouse_id: x}}
"""


@pytest.fixture
def broken(project: Any) -> Any:
    project.write("databricks.yml", BROKEN)
    project.write("good.py", NOTEBOOK)
    project.write("stream.sql", "-- a table\nUSE SCHEMA s;\nCREATE OR REFRESH STREAMING TABLE t AS SELECT 1")
    return project


def test_a_dry_run_shows_a_broken_task_with_its_place_and_fix_beside_the_good_ones(
    broken: Any, monkeypatch: Any
) -> None:
    found = dry_run(broken, monkeypatch, "j")
    lines = found.output.splitlines()
    assert found.exit_code == 2, found.output
    assert any(line.startswith("[LOCAL]  good") for line in lines)
    for key, place, fix in (("gone", "databricks.yml:7:", "good"), ("waits", "databricks.yml:8:", "good")):
        at = next(index for index, line in enumerate(lines) if line.startswith(f"[CONFIG] {key}"))
        assert place in lines[at]
        assert "fix: " in lines[at + 1]
        assert fix in lines[at + 1]


@pytest.mark.never(
    where=("connect", "classic"),
    area="Tasks of a job",
    what="`sql_task` with a file that makes a streaming table or a materialized view",
    instead="`[CLOUD]`: skipped with what depends on it, and named",
    reason="a pipeline of the workspace keeps them up to date",
    link="https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-syntax-ddl-create-streaming-table",
)
def test_a_dry_run_says_that_a_streaming_table_needs_a_workspace(broken: Any, monkeypatch: Any) -> None:
    output = dry_run(broken, monkeypatch, "j").output
    assert "[CLOUD]  stream" in output
    assert "streaming table" in output


def test_a_real_run_of_a_bundle_with_a_broken_task_is_refused(broken: Any, monkeypatch: Any) -> None:
    monkeypatch.chdir(broken.root)
    found = CliRunner().invoke(command, ["j"])
    assert isinstance(found.exception, ValueError)
    assert "not found" in str(found.exception)
    assert not Path(broken.root, ".lakewright/runs").exists()


def test_a_bundle_whose_jobs_are_written_in_python_gets_the_reason_why_they_are_missing(
    project: Any, monkeypatch: Any
) -> None:
    project.write(
        "databricks.yml", "bundle: {name: p}\npython: {venv_path: .none, resources: ['resources:load']}\n"
    )
    found = dry_run(project, monkeypatch)
    assert "no jobs" in str(found.exception)
    assert "defined in Python are not loaded" in str(getattr(found.exception, "detail", ""))
    assert "python3 -m venv .none" in str(getattr(found.exception, "fix", ""))


def test_a_dry_run_ignores_a_config_folder_of_another_tool(project: Any, monkeypatch: Any) -> None:
    project.write("databricks.yml", "bundle: {name: other}\ninclude: [job.yml]\n")
    project.write(
        "job.yml",
        """
        resources:
          jobs:
            only:
              tasks: [{task_key: say, spark_python_task: {python_file: ./say.py}}]
        """,
    )
    project.write("say.py", "print(1)\n")
    project.write("config/local.yaml", "app: {database: x}\n")
    found = dry_run(project, monkeypatch)
    assert found.exit_code == 0, found.output
    assert "[LOCAL]" in found.output
