"""Jobs of notebooks without Spark, in real processes."""

import json
from typing import Any

import pytest

pytestmark = pytest.mark.unit


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
