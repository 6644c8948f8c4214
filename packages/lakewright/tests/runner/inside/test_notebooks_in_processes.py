"""Jobs of notebooks without Spark, in real processes."""

import json
from importlib import resources
from typing import Any

import jsonschema
import pytest

from lakewright.runner.planning.options import RunOptions

pytestmark = pytest.mark.unit


def problem(summary: Any, key: str) -> Any:
    found = summary.tasks[key].problem
    assert found is not None
    return found


def test_two_notebooks_run_one_after_the_other_and_hand_a_task_value_over(project: Any) -> None:
    first = project.task("first", 'dbutils.jobs.taskValues.set("n", 41)')
    second = project.task(
        "second",
        'n = dbutils.jobs.taskValues.get("first", "n")',
        'print("answer", n + 1, dbutils.widgets.get("given"))',
        after=["first"],
        base_parameters={"given": "{{tasks.first.values.n}}"},
    )
    summary = project.run(first, second)
    assert summary.status == "success", summary.as_dict()
    assert "answer 42 41" in project.log("second")
    written = json.loads(summary.path.read_text())
    assert [task["key"] for task in written["tasks"]] == ["first", "second"]


def test_the_record_follows_its_schema_for_success_failure_and_skipping(project: Any) -> None:
    schema = json.loads(
        resources.files("lakewright.runner.record").joinpath("summary.schema.json").read_text()
    )
    good = project.task(
        "good",
        """
        from databricks_utils.observability import report_accounting, report_model, report_rows
        report_rows(rows_in=3, rows_out=2, tables={"c.s.t": 1})
        report_rows(rows_in=4)
        report_accounting("flights", landed=7, bronze=7)
        report_model("c.s.m", version=1, metrics={"auc": 0.7}, gate={"passed": True})
        """,
    )
    bad = project.task("bad", "1 / 0", after=["good"])
    late = project.task("late", "pass", after=["bad"])
    summary = project.run(good, bad, late)
    written = json.loads(summary.path.read_text())
    jsonschema.validate(written, schema)
    assert [task["status"] for task in written["tasks"]] == ["success", "failed", "skipped"]
    assert (written["tasks"][0]["rows_in"], written["tasks"][0]["rows_out"]) == (7, 2)
    assert written["accounting"][0]["landed"] == 7
    assert written["model"]["metrics"] == {"auc": 0.7}
    assert written["status"] == "failed"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**written, "status": "SUCCESS"}, schema)


def test_a_notebook_that_raises_shows_its_name_cell_line_and_source(project: Any) -> None:
    task = project.task("broken", "x = 1", "def f(d):\n    return d['missing']\n\nf({})")
    summary = project.run(task)
    found = problem(summary, "broken")
    assert found.summary == "KeyError: 'missing'"
    assert found.location == "notebooks/broken.py:7 (cell 2)"
    assert "> return d['missing']" in (found.detail or "")
    log = project.log("broken")
    assert "notebooks/broken.py:9 (cell 2), in <module>" in log
    assert "lakewright/runner" not in log


def test_a_syntax_error_shows_its_place(project: Any) -> None:
    found = problem(project.run(project.task("n", "x = 1", "y = = 2")), "n")
    assert found.summary.startswith("SyntaxError")
    assert found.location == "notebooks/n.py:6 (cell 2)"


def test_an_error_in_an_ipynb_shows_the_cell_and_the_line_in_it(project: Any) -> None:
    cells = [
        {"cell_type": "code", "source": "a = 1"},
        {"cell_type": "code", "source": ["b = 2\n", "c = a / 0"]},
    ]
    project.write("notebooks/n.ipynb", json.dumps({"cells": cells}))
    task = {"task_key": "n", "notebook_task": {"notebook_path": "notebooks/n"}}
    found = problem(project.run(task), "n")
    assert found.location == "notebooks/n.ipynb cell 2, line 2"
    assert "> c = a / 0" in (found.detail or "")


def test_dbutils_notebook_exit_ends_a_notebook_as_a_success(project: Any) -> None:
    summary = project.run(
        project.task("n", 'try:\n    dbutils.notebook.exit("done")\nexcept Exception:\n    pass', "1 / 0")
    )
    assert summary.status == "success"
    assert summary.tasks["n"].exit_value == "done"


def test_run_includes_another_notebook_with_its_names_and_widgets(project: Any) -> None:
    project.notebook(
        "notebooks/lib/setup",
        'dbutils.widgets.text("mode", "slow")\ngreeting = "hi " + dbutils.widgets.get("mode")',
    )
    task = project.task("n", '# MAGIC %run ./lib/setup $mode="fast"', "print(greeting)")
    assert project.run(task).status == "success"
    assert "hi fast" in project.log("n")


def test_an_error_inside_an_included_notebook_names_that_notebook(project: Any) -> None:
    project.notebook("notebooks/setup", "pass", "boom()")
    found = problem(project.run(project.task("n", "# MAGIC %run ./setup")), "n")
    assert found.location == "notebooks/setup.py:6 (cell 2)"


def test_notebooks_that_include_one_another_are_refused(project: Any) -> None:
    project.notebook("notebooks/b", "# MAGIC %run ./n")
    found = problem(project.run(project.task("n", "# MAGIC %run ./b")), "n")
    assert "circle" in found.summary
    assert found.detail is not None
    assert "n.py → b.py → n.py" in found.detail


def test_pip_is_skipped_with_a_note_shell_and_fs_run(project: Any) -> None:
    task = project.task(
        "n",
        "# MAGIC %pip install left-pad",
        "# MAGIC %sh\n# MAGIC echo from-shell",
        "# MAGIC %fs mkdirs dbfs:/tmp/x",
        'dbutils.fs.put("/Volumes/c/s/v/a.txt", "abc")\nprint(dbutils.fs.head("/Volumes/c/s/v/a.txt"))',
    )
    summary = project.run(task)
    assert summary.status == "success", summary.as_dict()
    assert any("left-pad" in note for note in summary.tasks["n"].notes)
    assert "from-shell" in project.log("n")
    assert (project.root / ".lakewright/lakehouse/volumes/c/s/v/a.txt").read_text() == "abc"
    assert (project.root / ".lakewright/dbfs/tmp/x").is_dir()


def test_a_cell_in_scala_is_refused_by_name(project: Any) -> None:
    found = problem(project.run(project.task("n", "# MAGIC %scala\n# MAGIC val x = 1")), "n")
    assert "scala" in found.summary
    assert found.fix


def test_notebook_run_gives_the_exit_value_and_shares_no_names(project: Any) -> None:
    project.notebook(
        "notebooks/child",
        'assert "secret" not in globals()',
        'dbutils.notebook.exit(dbutils.widgets.get("a") + "!")',
    )
    task = project.task("n", "secret = 1", 'print("got", dbutils.notebook.run("./child", 60, {"a": 5}))')
    summary = project.run(task)
    assert summary.status == "success", summary.as_dict()
    assert "got 5!" in project.log("n")


def test_notebook_run_ends_a_child_whose_time_is_over(project: Any) -> None:
    project.notebook("notebooks/child", "import time; time.sleep(60)")
    found = problem(project.run(project.task("n", 'dbutils.notebook.run("./child", 1)')), "n")
    assert "took longer than 1 s" in found.summary


def test_notebook_run_passes_the_childs_failure_on(project: Any) -> None:
    project.notebook("notebooks/child", "raise ValueError('inner')")
    found = problem(project.run(project.task("n", 'dbutils.notebook.run("child", 60)')), "n")
    assert "inner" in found.summary


def test_two_tasks_at_once_keep_their_own_arguments_environment_and_folder(project: Any) -> None:
    code = """
        import os, sys, time
        os.environ["MINE"] = sys.argv[1]
        for _ in range(20):
            time.sleep(0.02)
            assert os.environ["MINE"] == sys.argv[1] == sys.argv[-1]
        print("argv", sys.argv[1:], __name__, os.path.basename(__file__))
    """
    tasks = []
    for name in ("a", "b"):
        project.write(f"jobs/{name}/{name}.py", code)
        body = {"python_file": f"jobs/{name}/{name}.py", "parameters": [name]}
        tasks.append({"task_key": name, "spark_python_task": body})
    summary = project.run(*tasks)
    assert summary.status == "success", summary.as_dict()
    assert "argv ['a'] __main__ a.py" in project.log("a")
    assert "argv ['b'] __main__ b.py" in project.log("b")


def test_names_modules_and_environment_do_not_leak_from_one_task_to_the_next(project: Any) -> None:
    project.write("notebooks/state.py", "value = 0\n")
    first = project.task(
        "first", "import os, sys, state\nstate.value = 1\nos.environ['LEAK'] = 'x'\nsys.path.append('/leak')"
    )
    second = project.task(
        "second",
        "import os, sys, state\nassert state.value == 0\nassert 'LEAK' not in os.environ\nassert '/leak' not in sys.path",
        after=["first"],
    )
    assert project.run(first, second).status == "success"


def test_job_parameters_win_over_task_parameters_and_become_widgets(project: Any) -> None:
    task = project.task(
        "n",
        'dbutils.widgets.text("day", "default")',
        'print(dbutils.widgets.get("day"), dbutils.widgets.get("own"), dbutils.widgets.getAll())',
        base_parameters={"day": "task", "own": "{{job.parameters.day}}"},
    )
    summary = project.run(
        task,
        parameters=[{"name": "day", "default": "2026-01-01"}],
        options=RunOptions(parameters={"day": "2026-02-02"}),
    )
    assert summary.status == "success", summary.as_dict()
    assert "2026-02-02 2026-02-02" in project.log("n")


def test_an_undeclared_widget_is_an_error_that_names_the_declared_ones(project: Any) -> None:
    found = problem(
        project.run(project.task("n", 'dbutils.widgets.get("dya")', base_parameters={"day": "x"})), "n"
    )
    assert "`dya`" in found.summary
    assert "day" in (found.detail or "")
    assert found.location == "notebooks/n.py:2 (cell 1)"


def test_secrets_come_from_the_environment_and_never_reach_a_log(
    project: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBX_SECRET__KV__API_KEY", "hunter2-from-env")
    project.write(".env", "DBX_SECRET__KV__OTHER='from-the-file'\n")
    task = project.task(
        "n",
        'a = dbutils.secrets.get("kv", "api-key")\nb = dbutils.secrets.get("kv", "other")\nprint(len(a), len(b), a, b)',
        'print([s.key for s in dbutils.secrets.list("kv")])',
        "raise ValueError('no access with ' + a)",
    )
    summary = project.run(task)
    log = project.log("n")
    assert "16 13 [REDACTED] [REDACTED]" in log
    everything = log + summary.path.read_text()
    assert "hunter2" not in everything
    assert "from-the-file" not in everything
    assert problem(summary, "n").summary == "ValueError: no access with [REDACTED]"


def test_a_missing_secret_names_the_variable_to_set(project: Any) -> None:
    found = problem(project.run(project.task("n", 'dbutils.secrets.get("kv", "gone")')), "n")
    assert "DBX_SECRET__KV__GONE" in (found.fix or "")


def test_no_workspace_credentials_reach_a_task(project: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABRICKS_TOKEN", "t")
    monkeypatch.setenv("DATABRICKS_HOST", "h")
    task = project.task(
        "n",
        "import os\nfound = {k: v for k, v in os.environ.items() if k.startswith('DATABRICKS_')}\nassert found == {'DATABRICKS_CONFIG_FILE': os.devnull}, found\nassert os.environ['DBX_ENV'] == 'local'",
    )
    assert project.run(task).status == "success"


def test_the_workspace_modules_can_be_imported_without_a_login(project: Any) -> None:
    task = project.task(
        "n",
        "from databricks.sdk.runtime import dbutils as other, spark as lazy\nassert other is dbutils",
        "from pyspark.dbutils import DBUtils\nassert DBUtils(spark) is dbutils",
        "from databricks.connect import DatabricksSession",
        "dbutils.help()",
    )
    summary = project.run(task)
    assert summary.status == "success", summary.as_dict()


def test_spark_without_an_engine_is_a_clear_error_and_only_when_it_is_used(project: Any) -> None:
    found = problem(project.run(project.task("n", "session = spark", "session.range(1)")), "n")
    assert "no engine" in found.summary
    assert found.location == "notebooks/n.py:6 (cell 2)"


def test_the_spark_context_is_refused_as_on_serverless_with_a_fix(project: Any) -> None:
    found = problem(project.run(project.task("n", "context = sc", "context.parallelize([1])")), "n")
    assert "`sc.parallelize`" in found.summary
    assert "spark.mode: classic" in (found.fix or "")
    assert found.location == "notebooks/n.py:6 (cell 2)"


def test_a_part_of_dbutils_that_only_a_workspace_has_is_named(project: Any) -> None:
    found = problem(project.run(project.task("n", "dbutils.credentials.assumeRole('x')")), "n")
    assert "dbutils.credentials" in found.summary


@pytest.mark.parametrize(
    ("value", "words"),
    [("object()", "is not JSON"), ("'x' * 50000", "the limit is"), ("float('nan')", "is not JSON")],
)
def test_a_task_value_that_databricks_would_refuse_is_refused(project: Any, value: str, words: str) -> None:
    found = problem(project.run(project.task("n", f'dbutils.jobs.taskValues.set("v", {value})')), "n")
    assert words in found.summary
    assert found.fix


def test_a_task_value_that_was_not_set_names_those_that_were(project: Any) -> None:
    first = project.task("first", 'dbutils.jobs.taskValues.set("rows", 1)')
    second = project.task(
        "second",
        'print(dbutils.jobs.taskValues.get("first", "row", default=7))',
        'dbutils.jobs.taskValues.get("first", "row")',
        after=["first"],
    )
    found = problem(project.run(first, second), "second")
    assert "`row`" in found.summary
    assert "rows" in (found.fix or "")
    assert "7" in project.log("second")
