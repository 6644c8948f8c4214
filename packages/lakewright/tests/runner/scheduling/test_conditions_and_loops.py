"""Condition tasks, references between tasks, and for_each loops, in memory."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from lakewright.runner.record.result import Standing, Status
from lakewright.runner.record.run_status import exit_code

pytestmark = pytest.mark.unit

QUALITY_PAGE = Path(__file__).parents[5] / "docs" / "reference" / "quality.md"


def condition(key: str, left: str, op: str, right: str, **more: Any) -> dict[str, Any]:
    return {"task_key": key, "condition_task": {"left": left, "op": op, "right": right}, **more}


def test_a_condition_on_a_task_value_chooses_the_branch(jobs: Any, statuses: Any) -> None:
    check = condition(
        "check", "{{tasks.load.values.rows}}", "GREATER_THAN", "10", depends_on=[{"task_key": "load"}]
    )
    yes = jobs.task("yes", depends_on=[{"task_key": "check", "outcome": "true"}])
    no = jobs.task("no", depends_on=[{"task_key": "check", "outcome": "false"}])
    summary = jobs.run(jobs.task("load"), check, yes, no, work={"load": lambda _: {"rows": 12}})
    assert statuses(summary) == {"load": "success", "check": "success", "yes": "success", "no": "skipped"}
    assert summary.status == "success"
    assert "other branch of `check`" in (summary.tasks["no"].reason or "")


def tasks_of_the_quality_page() -> list[dict[str, Any]]:
    """The tasks that the page about quality shows, in a job."""
    (block,) = re.findall(r"```yaml\n(tasks:\n.*?)```", QUALITY_PAGE.read_text(encoding="utf-8"), re.DOTALL)
    tasks: list[dict[str, Any]] = yaml.safe_load(block)["tasks"]
    return tasks


@pytest.mark.parametrize(
    ("quality", "ran"),
    [
        ("passed", {"publish"}),
        ("warned", {"look_at_quarantine"}),
        ("quarantined", {"look_at_quarantine"}),
        ("stopped", {"tell"}),
    ],
)
def test_the_tasks_of_the_quality_page_follow_the_outcome(
    jobs: Any, statuses: Any, quality: str, ran: set[str]
) -> None:
    def transform(_: Any) -> dict[str, str]:
        if quality == "stopped":
            raise ValueError("not accepted")
        return {"quality": quality}

    summary = jobs.run(*tasks_of_the_quality_page(), work={"transform": transform})
    found = statuses(summary)
    followers = {"publish", "look_at_quarantine", "tell"}
    assert {name for name in followers if found[name] == "success"} == ran
    assert found["is_clean"] == ("skipped" if quality == "stopped" else "success")
    assert summary.status == ("failed" if quality == "stopped" else "success")


def test_a_condition_that_compares_text_as_numbers_is_a_config_error(jobs: Any) -> None:
    summary = jobs.run(condition("check", "many", "LESS_THAN", "10"))
    assert summary.tasks["check"].status is Status.CONFIG
    assert "many" in (summary.tasks["check"].reason or "")
    assert exit_code(summary) == 1


def test_an_unknown_reference_is_a_config_error_and_the_task_is_not_started(jobs: Any) -> None:
    task = jobs.task("n", base_parameters={"x": "{{job.parameters.dya}}"})
    summary = jobs.run(task, parameters=[{"name": "day", "default": "1"}])
    assert summary.tasks["n"].status is Status.CONFIG
    assert not summary.tasks["n"].executed
    assert jobs.executor.seen == []
    assert "did you mean `day`" in (summary.tasks["n"].problem.fix or "")
    assert summary.tasks["n"].problem.location == "resources.jobs.main.tasks[0].notebook_task"


def test_references_see_results_values_and_the_attempt(jobs: Any) -> None:
    given = {
        "state": "{{tasks.a.result_state}}",
        "code": "{{tasks.a.error_code}}",
        "value": "{{tasks.b.values.n}}",
        "try": "{{task.execution_count}}",
    }

    def at_second(attempt: Any) -> None:
        if attempt.number == 1:
            raise ValueError("first")

    task = jobs.task("c", after=("a", "b"), run_if="ALL_DONE", base_parameters=given, max_retries=1)

    def broken(_: Any) -> None:
        raise ValueError("broken")

    work = {"a": broken, "b": lambda _: {"n": 7}, "c": at_second}
    jobs.run(jobs.task("a"), jobs.task("b"), task, work=work)
    assert jobs.executor.parameters("c") == {
        "state": "failed",
        "code": "RunExecutionError",
        "value": "7",
        "try": "2",
    }


def loop(jobs: Any, inputs: Any, *, base_parameters: Any = None, inner: Any = None, **more: Any) -> Any:
    task = jobs.task(
        "each", base_parameters={"item": "{{input}}", **(base_parameters or {})}, **(inner or {})
    )
    task.pop("depends_on")
    return {"task_key": "loop", "for_each_task": {"inputs": inputs, "task": task, **more}}


def test_a_loop_runs_its_task_for_each_element_with_its_own_values(jobs: Any, statuses: Any) -> None:
    body = loop(jobs, "{{tasks.source.values.items}}", base_parameters={"key": "{{input.k}}"}, concurrency=2)
    summary = jobs.run(
        jobs.task("source"),
        {**body, "depends_on": [{"task_key": "source"}]},
        work={"source": lambda _: {"items": [{"k": "a"}, {"k": "b"}]}},
    )
    assert summary.status == "success", summary.as_dict()
    assert jobs.executor.parameters("loop[0]") == {"item": '{"k": "a"}', "key": "a"}
    assert jobs.executor.parameters("loop[1]") == {"item": '{"k": "b"}', "key": "b"}
    assert statuses(summary) == {
        "source": "success",
        "loop[0]": "success",
        "loop[1]": "success",
        "loop": "success",
    }


def test_a_loop_with_a_failing_element_fails_and_names_it(jobs: Any, statuses: Any) -> None:
    def divide(attempt: Any) -> None:
        1 / int(attempt.body["base_parameters"]["item"])

    summary = jobs.run(loop(jobs, "[1, 0]"), work={"each": divide})
    assert statuses(summary) == {"loop[0]": "success", "loop[1]": "failed", "loop": "failed"}
    assert summary.tasks["loop"].reason == "iteration 1 of 2 failed"
    assert "ZeroDivisionError" in (summary.tasks["loop"].problem.detail or "")


def test_a_loop_over_nothing_is_a_success(jobs: Any, breaks: Any) -> None:
    result = jobs.run(loop(jobs, "[]"), work={"each": breaks}).tasks["loop"]
    assert (result.status, result.standing) == (Status.SUCCESS, Standing.SUCCEEDED)


@pytest.mark.parametrize("inputs", ["not json", '{"a": 1}', "3"])
def test_inputs_that_are_not_a_list_are_refused(jobs: Any, inputs: str) -> None:
    result = jobs.run(loop(jobs, inputs)).tasks["loop"]
    assert result.status is Status.CONFIG
    assert "list" in (result.reason or "")


def test_a_loop_runs_no_more_iterations_at_once_than_it_may(jobs: Any) -> None:
    import threading

    running, most, lock, both = 0, 0, threading.Lock(), threading.Barrier(2)

    def count(_: Any) -> None:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        both.wait(20)
        with lock:
            running -= 1
        both.wait(20)

    assert jobs.run(loop(jobs, "[1, 2, 3, 4]", concurrency=2), work={"each": count}).status == "success"
    assert most == 2


def test_a_task_inside_a_loop_is_tried_again_by_itself(jobs: Any) -> None:
    def first_time(attempt: Any) -> None:
        if attempt.number == 1:
            raise ValueError("first time")

    summary = jobs.run(loop(jobs, "[1]", inner={"max_retries": 1}), work={"each": first_time})
    assert summary.tasks["loop[0]"].attempt == 2
    assert summary.status == "success"
