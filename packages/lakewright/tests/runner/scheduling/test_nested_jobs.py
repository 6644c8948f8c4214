"""Jobs that run jobs, in memory."""

from typing import Any

import pytest

pytestmark = pytest.mark.unit


def nested(jobs: Any, *tasks: Any) -> Any:
    call = {
        "task_key": "call",
        "run_job_task": {
            "job_id": "${resources.jobs.inner.id}",
            "job_parameters": {"own": "{{job.parameters.day}}!"},
        },
    }
    inner = {
        "name": "inner",
        "parameters": [{"name": "day", "default": "none"}, {"name": "own", "default": ""}],
        "tasks": list(tasks),
    }
    return jobs.bundle(call, parameters=[{"name": "day", "default": "monday"}], others={"inner": inner})


def test_a_job_runs_another_job_and_passes_its_parameters_on(jobs: Any, statuses: Any) -> None:
    summary = jobs.run_bundle(nested(jobs, jobs.task("a")))
    assert statuses(summary) == {"call/a": "success", "call": "success"}
    assert jobs.executor.parameters("call/a") == {"day": "monday", "own": "monday!"}


def test_a_failure_in_a_called_job_fails_the_caller_and_names_the_task(jobs: Any, breaks: Any) -> None:
    summary = jobs.run_bundle(nested(jobs, jobs.task("a")), work={"a": breaks})
    assert (
        summary.tasks["call"].reason == "task `a` of job `inner` failed: ZeroDivisionError: division by zero"
    )
    assert summary.tasks["call"].problem.location == "a.py:2"


def test_jobs_that_start_one_another_are_refused(jobs: Any) -> None:
    back = {"task_key": "back", "run_job_task": {"job_id": "${resources.jobs.main.id}"}}
    summary = jobs.run_bundle(nested(jobs, back))
    assert "circle" in (summary.tasks["call/back"].reason or "")


def test_an_unknown_job_id_names_the_jobs_that_exist(jobs: Any) -> None:
    summary = jobs.run({"task_key": "call", "run_job_task": {"job_id": "${resources.jobs.mian.id}"}})
    assert "`main`" in (summary.tasks["call"].problem.fix or "")


def test_a_job_is_also_found_by_the_id_that_it_carries(jobs: Any, statuses: Any) -> None:
    inner = {"id": 42, "tasks": [jobs.task("a")]}
    call = {"task_key": "call", "run_job_task": {"job_id": 42}}
    summary = jobs.run_bundle(jobs.bundle(call, others={"inner": inner}))
    assert statuses(summary) == {"call/a": "success", "call": "success"}
