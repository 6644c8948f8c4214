"""A task's session says which job, task and attempt its statements belong to."""

from types import SimpleNamespace

import pytest

from lakewright.runner.execution.task_specs import lineage_settings

pytestmark = pytest.mark.unit


def attempt(body, number=1):
    return SimpleNamespace(
        job=SimpleNamespace(key="flights"), task=SimpleNamespace(key="bronze"), number=number, body=body
    )


def test_an_attempt_names_its_job_task_run_and_notebook():
    here = SimpleNamespace(run_id="20260301T100000")
    assert lineage_settings(here, attempt({"notebook_path": "../notebooks/bronze.py"}, number=2)) == {
        "spark.lakewright.lineage.job": "flights",
        "spark.lakewright.lineage.task": "bronze",
        "spark.lakewright.lineage.run_id": "20260301T100000",
        "spark.lakewright.lineage.attempt": "2",
        "spark.lakewright.lineage.notebook": "../notebooks/bronze.py",
    }


def test_a_task_that_is_no_notebook_names_none():
    found = lineage_settings(SimpleNamespace(run_id="r"), attempt({"python_file": "x.py"}))
    assert "spark.lakewright.lineage.notebook" not in found
