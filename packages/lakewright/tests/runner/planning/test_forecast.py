"""The dry run's forecast, and which job a run is of."""

from typing import Any

import pytest

from lakewright.bundle import Kind, Verdict
from lakewright.runner.errors import PlanError
from lakewright.runner.planning.forecast import forecast, runs_here
from lakewright.runner.planning.job_choice import choose_job
from lakewright.runner.planning.options import RunOptions

pytestmark = pytest.mark.unit


def chain(project: Any) -> list[dict[str, Any]]:
    return [
        project.task("a", "pass"),
        project.task("b", "pass", after=["a"]),
        project.task("c", "pass", after=["b"]),
    ]


def test_a_forecast_is_of_the_tasks_that_are_selected(project: Any) -> None:
    bundle = project.bundle(*chain(project))

    def keys(**options: Any) -> list[str]:
        return [item.key for item in forecast(bundle, "main", runs_here, RunOptions(**options))]

    assert keys() == ["a", "b", "c"]
    assert keys(only=("b",)) == ["b"]
    assert keys(start_from="b") == ["b", "c"]
    with pytest.raises(PlanError):
        keys(only=("nope",))


def test_a_forecast_of_a_job_without_tasks_says_so(project: Any) -> None:
    with pytest.raises(PlanError) as caught:
        forecast(project.bundle(), "main", runs_here)
    assert "no tasks" in caught.value.summary
    assert "tasks:" in (caught.value.fix or "")


def test_a_dependency_without_a_key_is_shown_in_a_forecast(project: Any) -> None:
    first, *rest = chain(project)
    assert forecast(project.bundle({**first, "depends_on": [{}]}, *rest), "main", runs_here)


def test_a_forecast_covers_nested_jobs_and_loops_and_runs_nothing(project: Any) -> None:
    inner = {"task_key": "loop", "for_each_task": {"inputs": "[1]", "task": project.task("each", "1 / 0")}}
    call = {"task_key": "call", "run_job_task": {"job_id": "${resources.jobs.inner.id}"}}
    bundle = project.bundle(call, others={"inner": {"tasks": [inner]}})

    def judge(_job: str, task: Any) -> Verdict:
        return Verdict(Kind.CLOUD if task["task_key"] == "each" else Kind.LOCAL, "why")

    assert [(item.key, item.verdict) for item in forecast(bundle, "main", judge)] == [
        ("call", "LOCAL"),
        ("call/loop", "LOCAL"),
        ("call/loop[…] each", "CLOUD"),
    ]
    assert not (project.root / ".lakewright").exists()


def test_the_job_need_not_be_named_if_only_one_can_be_meant(project: Any) -> None:
    assert choose_job(project.bundle(), None) == "main"
    two = project.bundle(others={"other": {}})
    with pytest.raises(PlanError, match="which job"):
        choose_job(two, None)
    with pytest.raises(PlanError) as caught:
        choose_job(two, "mian")
    assert "`main`" in (caught.value.fix or "")
    assert choose_job(project.bundle(others={"other": {}, "main_pipeline": {}}), None) == "main_pipeline"
