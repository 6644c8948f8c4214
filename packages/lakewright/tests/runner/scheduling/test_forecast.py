"""The dry run's forecast, and which job a run is of."""

from typing import Any

import pytest

from lakewright.bundle import Kind, Verdict
from lakewright.runner.errors import PlanError
from lakewright.runner.planning.job_choice import choose_job
from lakewright.runner.planning.options import RunOptions
from lakewright.runner.run_job import run_job
from lakewright.runner.scheduling.forecast import forecast, runs_here

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


def test_a_forecast_names_the_tasks_that_a_run_would_skip(project: Any) -> None:
    inner = [project.task("cloud", "pass"), project.task("behind", "pass", after=["cloud"])]
    call = {"task_key": "call", "run_job_task": {"job_id": "${resources.jobs.inner.id}"}}
    tasks = [
        project.task("off", "pass", disabled=True),
        project.task("after_off", "pass", after=["off"]),
        project.task("always", "pass", after=["off"], run_if="ALL_DONE"),
        call,
        project.task("last", "pass", after=["call"]),
    ]
    bundle = project.bundle(*tasks, others={"inner": {"tasks": inner}})

    def judge(_job: str, task: Any) -> Verdict:
        return Verdict(Kind.CLOUD if task["task_key"] == "cloud" else Kind.LOCAL, "why")

    skipped = {item.key: item.skipped for item in forecast(bundle, "main", judge)}
    assert skipped == {
        "off": "disabled in the bundle",
        "after_off": "`off` is disabled",
        "always": None,
        "call": None,
        "call/cloud": None,
        "call/behind": "needs the result of `cloud`, not executed here",
        "last": "needs the result of `call`, not executed here",
    }


def test_a_forecast_skips_nothing_for_a_task_that_the_project_leaves_to_workspaces(project: Any) -> None:
    inner = [project.task("here", "pass"), project.task("monitor", "pass", after=["here"])]
    call = {"task_key": "call", "run_job_task": {"job_id": "${resources.jobs.inner.id}"}}
    bundle = project.bundle(
        call, project.task("last", "pass", after=["call"]), others={"inner": {"tasks": inner}}
    )

    def judge(_job: str, task: Any) -> Verdict:
        found = task["task_key"] == "monitor"
        return Verdict(Kind.CLOUD if found else Kind.LOCAL, "why", left_out=found)

    forecasts = {item.key: item for item in forecast(bundle, "main", judge)}
    assert forecasts["call/monitor"].verdict is Kind.CLOUD
    assert forecasts["last"].skipped is None


@pytest.mark.parametrize("given", [{}, {"day": "2026-01-01"}])
def test_a_parameter_without_a_value_here_is_refused_before_anything_runs(
    project: Any, given: dict[str, str]
) -> None:
    parameters = [{"name": "day", "default": "{{backfill.iso_date}}"}]
    bundle = project.bundle(*chain(project), parameters=parameters)
    options = RunOptions(parameters=given)
    if given:
        assert forecast(bundle, "main", runs_here, options)
        return
    with pytest.raises(PlanError, match="not a backfill") as caught:
        forecast(bundle, "main", runs_here, options)
    assert "--param day" in (caught.value.fix or "")
    with pytest.raises(PlanError, match="not a backfill"):
        run_job(bundle, "main", options=options)
    assert not (project.root / ".lakewright").exists()


@pytest.mark.parametrize(("given", "verdict"), [({}, "CONFIG"), ({"day": "1"}, "LOCAL")])
def test_a_called_job_without_a_value_for_a_parameter_is_broken_in_the_forecast(
    project: Any, given: dict[str, str], verdict: str
) -> None:
    inner = {
        "parameters": [{"name": "day", "default": "{{backfill.day}}"}],
        "tasks": [project.task("t", "pass")],
    }
    call = {
        "task_key": "call",
        "run_job_task": {"job_id": "${resources.jobs.inner.id}", "job_parameters": given},
    }
    first, *_ = forecast(project.bundle(call, others={"inner": inner}), "main", runs_here)
    assert (first.key, first.verdict) == ("call", verdict)


def test_the_job_need_not_be_named_if_only_one_can_be_meant(project: Any) -> None:
    assert choose_job(project.bundle(), None) == "main"
    two = project.bundle(others={"other": {}})
    with pytest.raises(PlanError, match="which job"):
        choose_job(two, None)
    with pytest.raises(PlanError) as caught:
        choose_job(two, "mian")
    assert "`main`" in (caught.value.fix or "")
    assert choose_job(project.bundle(others={"other": {}, "main_pipeline": {}}), None) == "main_pipeline"
