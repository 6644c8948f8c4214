"""A notebook runs on the test's session with its job's parameters."""

import pytest

from databricks_utils.testing import run_notebook

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
