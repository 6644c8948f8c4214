"""A notebook and a wheel task run inside a test with the parameters of their job."""

import sys

import pytest

from databricks_utils.testing import run_notebook, run_wheel_task

pytestmark = pytest.mark.unit
NOTEBOOK = """# Databricks notebook source
# MAGIC %md
# MAGIC # Score
dbutils.widgets.text("month", "2024-01")
display(spark)

# COMMAND ----------

dbutils.jobs.taskValues.set(key="scored", value=dbutils.widgets.get("month"))
"""


@pytest.fixture
def notebook(tmp_path):
    path = tmp_path / "score.py"
    path.write_text(NOTEBOOK)
    return path


def test_a_parameter_wins_over_the_default(notebook):
    assert run_notebook(notebook, None, {}) == {"scored": "2024-01"}
    assert run_notebook(notebook, None, {"month": "2024-02"}) == {"scored": "2024-02"}


def test_a_parameter_that_the_notebook_does_not_declare_is_found(notebook):
    with pytest.raises(AssertionError, match=r"score\.py ignores the parameter `year` of its job"):
        run_notebook(notebook, None, {"year": "2024"})


def test_a_widget_that_was_not_declared_has_no_value(notebook):
    notebook.write_text("dbutils.widgets.get('month')")
    with pytest.raises(KeyError, match="month"):
        run_notebook(notebook, None, {"month": "2024-02"})


def test_a_cell_in_another_language_is_refused(notebook):
    notebook.write_text(f"{NOTEBOOK}\n# COMMAND ----------\n# MAGIC %sql\n# MAGIC SELECT 1\n")
    with pytest.raises(ValueError, match=r"score\.py has a cell of %sql"):
        run_notebook(notebook, None, {})


def test_an_entry_point_gets_its_parameters_as_arguments():
    seen, before = [], list(sys.argv)
    run_wheel_task(lambda: seen.extend(sys.argv[1:]), {"env": "local", "git_sha": "abc"})
    assert seen == ["--env=local", "--git_sha=abc"]
    assert sys.argv == before


def test_the_arguments_are_restored_after_an_error():
    before = list(sys.argv)
    with pytest.raises(ZeroDivisionError):
        run_wheel_task(lambda: 1 / 0, {"env": "local"})
    assert sys.argv == before
