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


def test_notebook_run_gives_the_exit_value_and_shares_no_names(project: Any) -> None:
    project.notebook(
        "notebooks/child",
        'assert "secret" not in globals()',
        'dbutils.notebook.exit(dbutils.widgets.get("a") + "!")',
    )
    task = project.task("n", "secret = 1", 'print("got", dbutils.notebook.run("./child", 60, {"a": "5"}))')
    summary = project.run(task)
    assert summary.status == "success", summary.as_dict()
    assert "got 5!" in project.log("n")


def test_the_end_of_a_childs_time_ends_its_own_children_and_not_the_caller(project: Any) -> None:
    project.notebook("notebooks/grandchild", "import time; time.sleep(60)")
    project.notebook("notebooks/child", 'dbutils.notebook.run("./grandchild", 0)')
    task = project.task(
        "n",
        """
        try:
            dbutils.notebook.run("./child", 4)
        except Exception as error:
            print("caught", error)
        """,
        'print("the caller goes on")',
    )
    summary = project.run(task)
    assert summary.status == "success", summary.as_dict()
    assert "the caller goes on" in project.log("n")
    assert "took longer than 4 s" in project.log("n")
    assert summary.tasks["n"].notes == ()  # nothing was left running


def test_notebook_run_ends_a_child_whose_time_is_over(project: Any) -> None:
    endless = "import time; time.sleep(60)"  # never waited for: the limit ends it
    project.notebook("notebooks/child", endless)
    found = problem(project.run(project.task("n", 'dbutils.notebook.run("./child", 1)')), "n")
    assert "took longer than 1 s" in found.summary


def test_notebook_run_passes_the_childs_failure_on(project: Any) -> None:
    project.notebook("notebooks/child", "raise ValueError('inner')")
    found = problem(project.run(project.task("n", 'dbutils.notebook.run("child", 60)')), "n")
    assert "inner" in found.summary


def test_notebook_run_reports_a_child_that_ends_python_at_once(project: Any) -> None:
    project.notebook("notebooks/child", "import os; os._exit(7)")
    found = problem(project.run(project.task("n", 'dbutils.notebook.run("./child", 60)')), "n")
    assert found.summary == "`child.py`: the process ended with code 7 before the task's code was done"
    assert found.fix.startswith("look for os._exit(…) in the task's code")


def test_two_tasks_at_once_keep_their_own_arguments_environment_and_folder(project: Any) -> None:
    code = """
        import os, sys, time
        from pathlib import Path
        os.environ["MINE"] = sys.argv[1]
        jobs = Path(__file__).parent.parent
        (jobs / sys.argv[1] / "set").touch()
        while not all((jobs / name / "set").exists() for name in "ab"):  # both run at once
            time.sleep(0.01)
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


def test_a_secret_in_displayed_html_does_not_reach_the_disk(
    project: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBX_SECRET__KV__KEY", "hunter2-from-env")
    task = project.task(
        "n",
        'key = dbutils.secrets.get("kv", "key")\ndisplayHTML(f"<b>{key}</b>")',
        "class Drawn:\n    def _repr_html_(self): return key\ndisplay(Drawn())",
        "class Figure:\n    def savefig(self, file, format): file.write(key.encode())\ndisplay(Figure())",
    )
    assert project.run(task).status == "success"
    shown = sorted((project.root / ".lakewright" / "runs").rglob("display-*"))
    assert [path.read_text() for path in shown][:2] == ["<b>[REDACTED]</b>", "[REDACTED]"]
    assert shown[2].suffix == ".svg"
    assert "hunter2" not in "".join(path.read_text() for path in shown)


def test_a_task_runs_in_utc_wherever_the_laptop_is(project: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "America/New_York")
    task = project.task(
        "n",
        "import time, datetime",
        "print(time.tzname[0], datetime.datetime.fromtimestamp(0))",
        "# MAGIC %sh date -d @0 +%H",
    )
    assert project.run(task).status == "success"
    assert "UTC 1970-01-01 00:00:00" in project.log("n")
    assert "\n00\n" in project.log("n")


def test_no_workspace_credentials_reach_a_task(project: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABRICKS_TOKEN", "t")
    monkeypatch.setenv("DATABRICKS_HOST", "h")
    task = project.task(
        "n",
        "import os\nfound = {k: v for k, v in os.environ.items() if k.startswith('DATABRICKS_')}\n"
        "assert found == {'DATABRICKS_CONFIG_FILE': os.devnull}, found\nassert os.environ['DBX_ENV'] == 'local'",
    )
    assert project.run(task).status == "success"


def test_the_output_of_a_shell_cell_goes_to_the_log(project: Any) -> None:
    assert project.run(project.task("n", "# MAGIC %sh\n# MAGIC echo from-shell")).status == "success"
    assert "from-shell" in project.log("n")
