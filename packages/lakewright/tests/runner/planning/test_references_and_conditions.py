"""References and conditions."""

from datetime import UTC, datetime

import pytest

from lakewright.runner.planning.conditions import ConditionError, evaluate
from lakewright.runner.planning.references import ReferenceConfigError, resolve
from lakewright.runner.planning.scope import JobFacts, Scope, TaskFacts

pytestmark = pytest.mark.unit

SCOPE = Scope(
    job=JobFacts(
        7, 8, "nightly", {"day": "2026-01-02", "my-key": "x"}, datetime(2026, 3, 1, 4, 5, 6, tzinfo=UTC)
    ),
    task=TaskFacts("score", 9, 2),
    tasks={
        "load": TaskFacts(
            "load", 3, result_state="success", values={"n": 12, "files": ["a"], "ok": True, "o": {"k": 1}}
        )
    },
    known_tasks=("load", "score"),
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{{job.id}}-{{ job.run_id }}", "7-8"),
        ("{{job.name}}", "nightly"),
        ("{{job.parameters.day}}", "2026-01-02"),
        ("{{job.parameters.`my-key`}}", "x"),
        ("{{job.start_time.iso_date}}", "2026-03-01"),
        ("{{job.start_time.is_weekday}}", "false"),
        ("{{job.trigger.type}}", "one_time"),
        ("{{task.name}} {{task.execution_count}}", "score 2"),
        ("{{tasks.load.values.n}}", "12"),
        ("{{tasks.load.values.files}}", '["a"]'),
        ("{{tasks.load.values.ok}}", "true"),
        ("{{tasks.load.values.o.k}}", "1"),
        ("{{tasks.load.result_state}}", "success"),
        ("{{job_id}} {{run_id}} {{task_key}} {{task_retry_count}} {{start_date}}", "7 9 score 1 2026-03-01"),
        ("no {braces} {{}}", "no {braces} {{}}"),
    ],
)
def test_a_reference_becomes_its_value_as_text(text: str, value: str) -> None:
    assert resolve(text, SCOPE) == value


def test_references_are_resolved_inside_lists_and_mappings() -> None:
    body = {"a": ["{{job.id}}"], "b": {"c": "{{task.name}}"}, "n": 1}
    assert resolve(body, SCOPE) == {"a": ["7"], "b": {"c": "score"}, "n": 1}


def test_an_element_of_a_loop_is_seen_whole_and_by_its_keys() -> None:
    inside = SCOPE.with_input({"year": 2026, "months": [1, 2]})
    assert (
        resolve("{{input.year}} {{input.months[1]}} {{input}}", inside)
        == '2026 2 {"year": 2026, "months": [1, 2]}'
    )
    assert resolve("{{input}}", SCOPE.with_input("x")) == "x"


@pytest.mark.parametrize(
    ("text", "fix"),
    [
        ("{{job.parameters.dya}}", "did you mean `day`"),
        ("{{job.nam}}", "did you mean `name`"),
        ("{{tasks.lod.values.n}}", "did you mean `load`"),
        ("{{tasks.load.values.m}}", 'taskValues.set("m"'),
        ("{{tasks.score.values.n}}", "task_key: score"),
        ("{{input}}", "for_each_task.task"),
        ("{{jbo.id}}", "did you mean `job`"),
        ("{{start_tme}}", "did you mean `start_time`"),
    ],
)
def test_a_reference_to_nothing_is_an_error_that_names_what_is_there(text: str, fix: str) -> None:
    with pytest.raises(ReferenceConfigError) as caught:
        resolve(text, SCOPE, location="resources/main.yml:7:3")
    assert fix in (caught.value.fix or "")
    assert caught.value.location == "resources/main.yml:7:3"


@pytest.mark.parametrize(
    ("left", "op", "right", "outcome"),
    [
        ("12.0", "EQUAL_TO", "12", False),
        ("12.0", "GREATER_THAN_OR_EQUAL", "12", True),
        ("true", "EQUAL_TO", "true", True),
        ("a", "NOT_EQUAL", "b", True),
        ("9", "LESS_THAN", "10", True),
        ("-1", "GREATER_THAN", "0", False),
        ("1e3", "LESS_THAN_OR_EQUAL", "1000", True),
    ],
)
def test_equality_compares_text_and_order_compares_numbers(
    left: str, op: str, right: str, outcome: bool
) -> None:
    assert evaluate(op, left, right) is outcome


@pytest.mark.parametrize(
    ("op", "left"), [("LESS_THAN", "many"), ("LESS_THAN", ""), ("EQUALS_TO", "1"), ("LESS_THAN", "NaN")]
)
def test_a_comparison_that_makes_no_sense_is_refused(op: str, left: str) -> None:
    with pytest.raises(ConditionError) as caught:
        evaluate(op, left, "1", location="x.yml:1")
    assert caught.value.fix
    assert caught.value.location == "x.yml:1"
