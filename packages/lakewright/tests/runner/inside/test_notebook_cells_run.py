"""What a notebook's cells find and how they fail, in the test's own process."""

import json
from typing import Any

import pytest

pytestmark = pytest.mark.unit

DOCS = "https://docs.databricks.com/aws/en/"


def never(what: str, instead: str, reason: str, page: str) -> pytest.MarkDecorator:
    """A mark for a part of notebooks that only a workspace has."""
    return pytest.mark.never(
        where=("connect", "classic"),
        area="Notebooks and dbutils",
        what=what,
        instead=instead,
        reason=reason,
        link=DOCS + page,
    )


def test_a_notebook_that_raises_shows_its_name_cell_line_and_source(notebooks: Any) -> None:
    found = notebooks.problem("x = 1", "def f(d):\n    return d['missing']\n\nf({})")
    assert found.summary == "KeyError: 'missing'"
    assert found.location == "notebooks/n.py:7 (cell 2)"
    assert "> return d['missing']" in (found.detail or "")
    log = notebooks.log()
    assert "notebooks/n.py:9 (cell 2), in <module>" in log
    assert "lakewright/runner" not in log


@pytest.mark.parametrize("sign", ["\u2028", "\x85", "\f"])
def test_an_error_behind_a_sign_that_ends_no_line_keeps_its_line(notebooks: Any, sign: str) -> None:
    found = notebooks.problem(f"x = 'a{sign}b'", f"assert len(x) == 3\nx = 'a{sign}b'\n1 / 0")
    assert found.summary == "ZeroDivisionError: division by zero"
    assert found.location == "notebooks/n.py:8 (cell 2)"
    assert "> 1 / 0" in (found.detail or "")


def test_a_syntax_error_shows_its_place(notebooks: Any) -> None:
    found = notebooks.problem("x = 1", "y = = 2")
    assert found.summary.startswith("SyntaxError")
    assert found.location == "notebooks/n.py:6 (cell 2)"


def test_an_error_in_an_ipynb_shows_the_cell_and_the_line_in_it(project: Any, notebooks: Any) -> None:
    cells = [
        {"cell_type": "code", "source": "a = 1"},
        {"cell_type": "code", "source": ["b = 2\n", "c = a / 0"]},
    ]
    file = project.write("notebooks/n.ipynb", json.dumps({"cells": cells}))
    found = notebooks.problem(file=file)
    assert found.location == "notebooks/n.ipynb cell 2, line 2"
    assert "> c = a / 0" in (found.detail or "")


def test_an_error_behind_a_magic_keeps_its_line(notebooks: Any) -> None:
    found = notebooks.problem("x = 1\n%pip install a \\\n  b\n1 / 0")
    assert found.location == "notebooks/n.py:5 (cell 1)"


def test_the_value_of_the_last_expression_is_printed_unless_a_semicolon_ends_it(notebooks: Any) -> None:
    assert notebooks.run("1 + 1", "2 + 2;", "x = 3").ok
    assert notebooks.log() == "2\n"


def test_dbutils_notebook_exit_ends_a_notebook_as_a_success(notebooks: Any) -> None:
    ended = notebooks.run('dbutils.notebook.exit("done")\n2 / 0', "1 / 0")
    assert (ended.ok, ended.exit_value) == (True, "done")


def test_an_exit_is_caught_by_a_handler_of_every_exception_as_in_a_workspace(notebooks: Any) -> None:
    code = 'try:\n    dbutils.notebook.exit("done")\nexcept Exception as error:\n    print("caught", error)'
    ended = notebooks.run(code, "print('next')")
    assert (ended.ok, ended.exit_value) == (True, None)
    log = notebooks.log()
    assert "caught done" in log
    assert "next" in log


def test_run_includes_another_notebook_with_its_names_and_widgets(project: Any, notebooks: Any) -> None:
    project.notebook(
        "notebooks/lib/setup",
        'dbutils.widgets.text("mode", "slow")\ngreeting = "hi " + dbutils.widgets.get("mode")',
    )
    assert notebooks.run('# MAGIC %run ./lib/setup $mode="fast"', "print(greeting)").ok
    assert "hi fast" in notebooks.log()


def test_an_error_inside_an_included_notebook_names_that_notebook(project: Any, notebooks: Any) -> None:
    project.notebook("notebooks/setup", "pass", "boom()")
    assert notebooks.problem("# MAGIC %run ./setup").location == "notebooks/setup.py:6 (cell 2)"


def test_notebooks_that_include_one_another_are_refused(project: Any, notebooks: Any) -> None:
    project.notebook("notebooks/b", "# MAGIC %run ./n")
    found = notebooks.problem("# MAGIC %run ./b")
    assert "circle" in found.summary
    assert found.detail is not None
    assert "n.py → b.py → n.py" in found.detail


@never(
    "cells in Scala and R",
    "the notebook fails, with the languages that run here",
    "a task here is one Python process; there is no Scala or R beside it",
    "notebooks/notebooks-code",
)
def test_a_cell_in_scala_is_refused_by_name(notebooks: Any) -> None:
    found = notebooks.problem("# MAGIC %scala\n# MAGIC val x = 1")
    assert "scala" in found.summary
    assert found.fix


@never(
    "`%pip install`",
    "skipped with a note; the package has to be in the project's environment",
    "a task does not change the environment that all tasks share and the lock describes",
    "libraries/notebooks-python-libraries",
)
def test_pip_is_skipped_with_a_note_and_fs_runs(notebooks: Any) -> None:
    ended = notebooks.run(
        "# MAGIC %pip install left-pad",
        "# MAGIC %fs mkdirs dbfs:/tmp/x",
        'dbutils.fs.put("/mnt/a.txt", "abc")\nprint(dbutils.fs.head("dbfs:/mnt/a.txt"))',
    )
    assert ended.ok
    assert any("left-pad" in note for note in ended.notes)
    assert (notebooks.root / ".lakewright/lakehouse/dbfs/mnt/a.txt").read_text() == "abc"
    assert (notebooks.root / ".lakewright/lakehouse/dbfs/tmp/x").is_dir()


def test_an_undeclared_widget_is_an_error_that_names_the_declared_ones(notebooks: Any) -> None:
    found = notebooks.problem('dbutils.widgets.get("dya")', parameters={"day": "x"})
    assert "`dya`" in found.summary
    assert "day" in (found.detail or "")
    assert found.location == "notebooks/n.py:2 (cell 1)"


@never(
    "secret scopes",
    "`dbutils.secrets.get` reads `DBX_SECRET__SCOPE__KEY`; the error names the variable",
    "a local run contacts no workspace and holds no store of secrets",
    "security/secrets/",
)
def test_a_missing_secret_names_the_variable_to_set(notebooks: Any) -> None:
    assert "DBX_SECRET__KV__GONE" in (notebooks.problem('dbutils.secrets.get("kv", "gone")').fix or "")


def test_the_workspace_modules_can_be_imported_without_a_login(notebooks: Any) -> None:
    ended = notebooks.run(
        "from databricks.sdk.runtime import dbutils as other, spark as lazy\nassert other is dbutils",
        "from pyspark.dbutils import DBUtils\nassert DBUtils(spark) is dbutils",
        "from databricks.connect import DatabricksSession",
        "dbutils.help()",
    )
    assert ended.ok, ended.problem


def test_spark_without_an_engine_is_a_clear_error_and_only_when_it_is_used(notebooks: Any) -> None:
    found = notebooks.problem("session = spark", "session.range(1)")
    assert "no engine" in found.summary
    assert found.location == "notebooks/n.py:6 (cell 2)"


def test_the_spark_context_is_refused_as_on_serverless_with_a_fix(notebooks: Any) -> None:
    found = notebooks.problem("context = sc", "context.parallelize([1])")
    assert "`sc.parallelize`" in found.summary
    assert "spark.mode: classic" in (found.fix or "")
    assert found.location == "notebooks/n.py:6 (cell 2)"


@never(
    "`dbutils.credentials`; `dbutils.preview` and other parts that are not documented for Python",
    "an error with the reason; for other parts an error that lists those that are here",
    "they ask the workspace or its cluster",
    "dev-tools/databricks-utils",
)
def test_a_part_of_dbutils_that_only_a_workspace_has_is_named(notebooks: Any) -> None:
    assert "dbutils.credentials" in notebooks.problem("dbutils.credentials.assumeRole('x')").summary
    assert "dbutils.credentials" in (notebooks.problem("dbutils.preview.x()").detail or "")


@never(
    "the workspace's address and token in a notebook's context (`apiUrl`, `apiToken`)",
    "an error with the reason; path, user and run of the notebook are in the context",
    "a local run contacts no workspace",
    "notebooks/notebook-workflows",
)
def test_a_notebooks_context_has_its_path_and_no_token(notebooks: Any) -> None:
    context = "dbutils.notebook.entry_point.getDbutils().notebook().getContext()"
    assert notebooks.run(f"assert {context}.notebookPath().get().endswith('notebooks/n')").ok
    assert "contacts no workspace" in notebooks.problem(f"{context}.apiToken().get()").summary


@pytest.mark.parametrize(
    ("value", "words"),
    [("object()", "is not JSON"), ("'x' * 50000", "the limit is"), ("float('nan')", "is not JSON")],
)
def test_a_task_value_that_databricks_would_refuse_is_refused(notebooks: Any, value: str, words: str) -> None:
    found = notebooks.problem(f'dbutils.jobs.taskValues.set("v", {value})')
    assert words in found.summary
    assert found.fix


def test_a_task_value_that_was_not_set_names_those_that_were(notebooks: Any) -> None:
    found = notebooks.problem(
        'print(dbutils.jobs.taskValues.get("first", "row", default=7))',
        'dbutils.jobs.taskValues.get("first", "row")',
        task_values={"first": {"rows": 1}},
    )
    assert "`row`" in found.summary
    assert "rows" in (found.fix or "")
    assert "7" in notebooks.log()
