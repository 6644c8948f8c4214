"""What references see in a running job: run numbers, names in loops, values handed to called jobs. In memory."""

from typing import Any

import pytest

from lakewright.runner.planning.options import RunOptions
from lakewright.runner.record.result import Standing, Status, TaskResult

pytestmark = pytest.mark.unit
NUMBERS = {"job": "{{job.run_id}}", "old": "{{parent_run_id}}", "task": "{{task.run_id}}"}


def call(job: str, **parameters: str) -> dict[str, Any]:
    job_id = f"${{resources.jobs.{job}.id}}"
    return {"task_key": "call", "run_job_task": {"job_id": job_id, "job_parameters": parameters}}


def test_each_run_has_a_number_of_its_own_also_inside_a_parameter(jobs: Any) -> None:
    seen = []
    for _ in range(3):
        jobs.run(
            jobs.task("t", base_parameters=NUMBERS), parameters=[{"name": "id", "default": "{{job.run_id}}"}]
        )
        seen.append(jobs.executor.parameters("t"))
    assert len({item["job"] for item in seen}) == 3
    for item in seen:
        assert item["id"] == item["job"] == item["old"]
        assert 0 < int(item["task"]) != int(item["job"])


def test_a_resumed_run_has_the_number_of_the_run_that_it_continues_and_new_ones_for_its_tasks(
    jobs: Any, breaks: Any
) -> None:
    tasks = (jobs.task("a", base_parameters=NUMBERS), jobs.task("b", after=("a",), base_parameters=NUMBERS))
    given = {"parameters": [{"name": "schema", "default": "test_{{job.run_id}}_"}]}
    jobs.run(*tasks, work={"b": breaks}, **given)
    first = {key: jobs.executor.parameters(key) for key in "ab"}
    jobs.run(*tasks, work={"b": breaks}, options=RunOptions(resume=True), **given)
    second = jobs.executor.parameters("b")
    jobs.run(*tasks, options=RunOptions(resume=True), **given)
    third = jobs.executor.parameters("b")
    jobs.run(*tasks, **given)
    fresh = jobs.executor.parameters("b")
    assert (
        first["a"]["schema"] == first["b"]["schema"] == second["schema"] == third["schema"] != fresh["schema"]
    )
    assert first["b"]["job"] == second["job"] == third["job"] != fresh["job"]
    assert len({item["task"] for item in (first["a"], first["b"], second, third, fresh)}) == 5


def test_a_called_job_has_a_number_and_a_trigger_of_its_own(jobs: Any) -> None:
    given = {**NUMBERS, "trigger": "{{job.trigger.type}}", "called": "{{job.name}}"}
    inner = {"name": "inner", "tasks": [jobs.task("t", base_parameters=given)]}
    own = jobs.task("own", base_parameters=given)
    jobs.run_bundle(jobs.bundle(call("inner"), own, others={"inner": inner}))
    outer, nested = jobs.executor.parameters("own"), jobs.executor.parameters("call/t")
    assert outer["job"] != nested["job"]
    assert (outer["trigger"], nested["trigger"]) == ("one_time", "run_job_task")
    assert (outer["called"], nested["called"]) == ("main", "inner")


def test_each_attempt_and_each_iteration_has_a_number_of_its_own(jobs: Any) -> None:
    seen: dict[str, list[str]] = {"again": [], "each": []}

    def work(attempt: Any) -> None:
        given = attempt.body["base_parameters"]
        seen[attempt.task.key].append(given["task"] + " " + given["name"] + " " + given["try"])
        assert attempt.number == 2

    given = {**NUMBERS, "name": "{{task.name}}", "try": "{{task.execution_count}}"}
    again = jobs.task("again", base_parameters=given, max_retries=1)
    each = jobs.task("each", base_parameters=given, max_retries=1)
    loop = {"task_key": "loop", "for_each_task": {"inputs": "[1, 2]", "task": each}}
    after = jobs.task("after", after=("again",), base_parameters={"last": "{{tasks.again.run_id}}"})
    jobs.run(again, loop, after, work={"again": work, "each": work})
    numbers = [text.split()[0] for texts in seen.values() for text in texts]
    assert len(set(numbers)) == len(numbers) == 6
    assert [text.split()[1:] for text in seen["again"]] == [["again", "1"], ["again", "2"]]
    assert [text.split()[1:] for text in seen["each"]] == 2 * [["each", "1"], ["each", "2"]]
    assert jobs.executor.parameters("after")["last"] == seen["again"][1].split()[0]


@pytest.mark.parametrize("value", ["use {{ name }}", "{{job.id}}", "{{job.naem}}", "{{tasks.x.values.y}}"])
def test_a_value_that_is_handed_to_a_called_job_is_no_template(jobs: Any, value: str) -> None:
    inner = {
        "parameters": [{"name": "a", "default": ""}, {"name": "b", "default": "{{job.parameters.a}}!"}],
        "tasks": [jobs.task("t", base_parameters={"c": "{{job.parameters.b}}"})],
    }
    caller = {**call("inner", a="{{tasks.load.values.v}}"), "depends_on": [{"task_key": "load"}]}
    bundle = jobs.bundle(jobs.task("load"), caller, others={"inner": inner})
    summary = jobs.run_bundle(bundle, work={"load": lambda _: {"v": value}})
    assert summary.status == "success", summary.as_dict()
    assert jobs.executor.parameters("call/t") == {"a": value, "b": f"{value}!", "c": f"{value}!"}


def test_an_element_of_a_loop_is_no_template(jobs: Any) -> None:
    each = jobs.task("each", base_parameters={"item": "{{input}}"})
    loop = {"task_key": "loop", "for_each_task": {"inputs": "{{tasks.load.values.v}}", "task": each}}
    work = {"load": lambda _: {"v": ["{{job.id}}", "{{ job.naem }}"]}}
    summary = jobs.run(jobs.task("load"), {**loop, "depends_on": [{"task_key": "load"}]}, work=work)
    assert summary.status == "success", summary.as_dict()
    assert jobs.executor.parameters("loop[1]") == {"item": "{{ job.naem }}"}


def test_a_parameter_of_the_command_line_may_hold_references_as_its_default_may(jobs: Any) -> None:
    parameters = [{"name": "a", "default": "{{job.parameters.z}}"}, {"name": "z", "default": ""}]
    jobs.run(jobs.task("t"), parameters=parameters, options=RunOptions(parameters={"z": "of {{job.name}}"}))
    assert jobs.executor.parameters("t") == {"a": "of main", "z": "of main"}


def test_text_in_braces_that_is_no_reference_reaches_the_task(jobs: Any) -> None:
    summary = jobs.run(jobs.task("t", base_parameters={"template": "Dear {{customer.name}}"}))
    assert summary.status == "success"
    assert jobs.executor.parameters("t") == {"template": "Dear {{customer.name}}"}


def test_a_condition_on_a_list_fails_the_condition(jobs: Any) -> None:
    compare = {"left": "{{tasks.load.values.l}}", "op": "EQUAL_TO", "right": "[1, 2]"}
    check = {"task_key": "check", "condition_task": compare, "depends_on": [{"task_key": "load"}]}
    summary = jobs.run(jobs.task("load"), check, work={"load": lambda _: {"l": [1, 2]}})
    assert summary.tasks["check"].status is Status.CONFIG
    assert "a list" in (summary.tasks["check"].reason or "")
    assert summary.status == "failed"


def test_a_job_knows_the_place_of_its_file_trigger(jobs: Any) -> None:
    given = {"place": "{{job.trigger.file_arrival.location}}"}
    trigger = {"file_arrival": {"url": "/Volumes/main/raw/drop/"}}
    jobs.run(jobs.task("t", base_parameters=given), trigger=trigger)
    assert jobs.executor.parameters("t") == {"place": "/Volumes/main/raw/drop/"}
    jobs.run(jobs.task("t", base_parameters=given))
    assert jobs.executor.parameters("t") == {"place": ""}


def test_a_parameter_that_the_called_job_does_not_declare_is_refused(jobs: Any) -> None:
    inner = {"parameters": [{"name": "day", "default": ""}], "tasks": [jobs.task("t")]}
    summary = jobs.run_bundle(jobs.bundle(call("inner", dya="1"), others={"inner": inner}))
    assert "did you mean `day`" in (summary.tasks["call"].problem.fix or "")
    assert jobs.executor.seen == []


def test_rows_of_a_sql_task_are_kept_for_the_tasks_that_refer_to_them(jobs: Any) -> None:
    rows = [{"day": "2026-01-01"}, {"day": "2026-01-02"}]
    query = {"task_key": "query", "sql_task": {"file": {"path": "q.sql"}}}
    other = {"task_key": "other", "sql_task": {"file": {"path": "q.sql"}}}
    each = jobs.task("each", base_parameters={"day": "{{input.day}}"})
    loop = {
        "task_key": "loop",
        "depends_on": [{"task_key": "query"}],
        "for_each_task": {"inputs": "{{tasks.query.output.rows}}", "task": each},
    }
    result = TaskResult(Status.SUCCESS, Standing.SUCCEEDED, rows=rows)
    summary = jobs.run(query, other, loop, work={"query": lambda _: result})
    assert summary.status == "success", summary.as_dict()
    kept = {attempt.label: attempt.keep_rows for attempt in jobs.executor.seen}
    assert (kept["query"], kept["other"]) == (True, False)
    assert jobs.executor.parameters("loop[1]") == {"day": "2026-01-02"}
    later = jobs.run(query, other, loop, options=RunOptions(start_from="loop"))
    assert later.status == "success", later.as_dict()
    assert jobs.executor.parameters("loop[1]") == {"day": "2026-01-02"}
