"""References and conditions."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from lakewright.bundle.jobs.dynamic import steps_of
from lakewright.bundle.jobs.value_references import (
    REFERENCES,
    Level,
    ValueReference,
    find_reference,
    mistake_in,
)
from lakewright.runner.planning.conditions import ConditionError, evaluate, run_condition
from lakewright.runner.values.reference_values import VALUES, ReferenceConfigError
from lakewright.runner.values.references import resolve
from lakewright.runner.values.scope import JobFacts, Scope, TaskFacts

pytestmark = pytest.mark.unit

SCOPE = Scope(
    job=JobFacts(
        7, 8, "nightly", {"day": "2026-01-02", "my-key": "x"}, datetime(2026, 3, 1, 4, 5, 6, tzinfo=UTC)
    ),
    task=TaskFacts("score", 9, 2),
    tasks={
        "empty": TaskFacts("empty", 4, rows=[]),
        "none": TaskFacts("none", 5),
        "load": TaskFacts(
            "load",
            3,
            notebook_path="notebooks/load",
            rows=[{"day": 1, "s": "a"}, {"day": 2, "s": "b"}],
            result_state="success",
            values={"n": 12, "files": ["a"], "ok": True, "o": {"k": 1}, "none": None},
        ),
    },
    known_tasks=("load", "score"),
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{{job.id}}-{{ job.run_id }}", "7-8"),
        ("{{job.name}}", "nightly"),
        ("{{job.parameters.day}}", "2026-01-02"),
        ("{{job.parameters.`my-key`}} {{job.parameters.[my-key]}}", "x x"),
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
        ("{{job.trigger.time.[iso_date]}}", "2026-03-01"),
        ("{{job.repair_count}} {{job.trigger.file_arrival.location}}", "0 "),
        ("{{tasks.load.error_code}}|{{tasks.load.notebook_path}}", "|notebooks/load"),
        ("{{tasks.load.output.rows}}", '[{"day": 1, "s": "a"}, {"day": 2, "s": "b"}]'),
        ("{{tasks.load.output.first_row}}", '{"day": 1, "s": "a"}'),
        ("{{tasks.load.output.first_row.s}}", "a"),
        ("{{parent_run_id}} {{start_time}}", "8 1772337906000"),
    ],
)
def test_a_reference_becomes_its_value_as_text(text: str, value: str) -> None:
    assert resolve(text, SCOPE) == value


def test_references_are_resolved_inside_lists_and_mappings() -> None:
    body = {"a": ["{{job.id}}"], "b": {"c": "{{task.name}}"}, "n": 1}
    assert resolve(body, SCOPE) == {"a": ["7"], "b": {"c": "score"}, "n": 1}


def test_an_element_of_a_loop_is_seen_whole_and_by_its_keys() -> None:
    inside = SCOPE.inside({"year": 2026, "months": [1, 2]}, TaskFacts("each", 5))
    assert (
        resolve("{{input.year}} {{input.months[1]}} {{input}}", inside)
        == '2026 2 {"year": 2026, "months": [1, 2]}'
    )
    assert (
        resolve("{{input}} {{task.name}} {{task.run_id}}", SCOPE.inside("x", TaskFacts("each", 5)))
        == "x each 5"
    )


@pytest.mark.parametrize(
    ("text", "fix"),
    [
        ("{{job.parameters.dya}}", "did you mean `day`"),
        ("{{job.nam}}", "did you mean `name`"),
        ("{{job.parameters.my-key}}", "put backticks around `my-key`"),
        ("{{job.parameters.my key}}", "put backticks around `my key`"),
        ("{{tasks.load.values.o.k-1}}", "put backticks around `k-1`"),
        ("{{tasks.lod.values.n}}", "did you mean `load`"),
        ("{{tasks.load.values.m}}", 'taskValues.set("m"'),
        ("{{tasks.score.values.n}}", "task_key: score"),
        ("{{input}}", "for_each_task.task"),
        ("{{job.start_time}}", "iso_date"),
        ("{{job.start_time.iso_dat}}", "did you mean `iso_date`"),
        ("{{job.id.x}}", "correct the reference"),
        ("{{tasks.load.value.n}}", "did you mean `values`"),
        ("{{tasks.load.values.o.j}}", "choose one of: `k`"),
        ("{{workspace.name}}", "choose one of: `id`, `url`"),
        ("{{backfill.iso_date}}", "with a parameter"),
        ("{{tasks.load.output.first_row.dya}}", "did you mean `day`"),
        ("{{tasks.empty.output.first_row.day}}", "refer to `output.rows`"),
        ("{{tasks.none.output.rows}}", "end the SQL file of `none` with a SELECT"),
    ],
)
def test_a_reference_to_nothing_is_an_error_that_names_what_is_there(text: str, fix: str) -> None:
    with pytest.raises(ReferenceConfigError) as caught:
        resolve(text, SCOPE, location="resources/main.yml:7:3")
    assert fix in (caught.value.fix or "")
    assert caught.value.location == "resources/main.yml:7:3"


@pytest.mark.parametrize(
    "text", ["{{customer.name}}", "{{ jbo.id }}", "{{start_tme}}", "{{job}}", "{{ x | upper }}", "{{Job.id}}"]
)
def test_text_in_braces_that_is_no_reference_stays_as_it_is(text: str) -> None:
    assert resolve(f"a {text} b", SCOPE) == f"a {text} b"


def test_a_value_is_data_and_is_not_searched_for_references() -> None:
    scope = replace(SCOPE, job=replace(SCOPE.job, parameters={"day": "use {{job.id}} and {{ job.naem }}"}))
    assert resolve("{{job.parameters.day}}", scope) == "use {{job.id}} and {{ job.naem }}"


def test_every_reference_that_jobs_know_has_a_value_here_or_a_reason_why_not() -> None:
    missing = {reference.pattern for reference in REFERENCES if reference.missing}
    assert missing | set(VALUES) == {reference.pattern for reference in REFERENCES}
    assert not missing & set(VALUES)
    assert all(bool(reference.here) != bool(reference.missing) for reference in REFERENCES)


NAMES = {"<name>": "day", "<task>": "load", "<time>": "hour", "<key…>": "n", "<column>": "day"}


@pytest.mark.parametrize("reference", REFERENCES, ids=lambda reference: reference.pattern)
def test_validate_and_the_run_agree_on_each_reference(reference: ValueReference) -> None:
    written = ".".join(NAMES.get(step, step.strip("<>")) for step in reference.steps)
    parts = steps_of(written)
    assert find_reference(parts) == reference
    assert mistake_in(parts) is None
    scope = SCOPE.inside({"n": 1}, TaskFacts("each", 5))
    if reference.missing:
        with pytest.raises(ReferenceConfigError, match=re.escape(reference.missing)):
            resolve(f"{{{{{written}}}}}", scope)
    else:
        assert "{{" not in resolve(f"{{{{{written}}}}}", scope)
    if len(parts) > 1:
        assert mistake_in((*parts[:-1], "no such", "step")) is not None or "…" in reference.pattern
    needs_task = Scope(SCOPE.job)
    if reference.level is not Level.JOB and not reference.missing:
        with pytest.raises(ReferenceConfigError):
            resolve(f"{{{{{written}}}}}", needs_task)


@pytest.mark.parametrize(("name", "shown"), [("files", "a list"), ("o", "a mapping"), ("none", "empty")])
@pytest.mark.parametrize("op", ["EQUAL_TO", "LESS_THAN"])
def test_a_condition_on_a_value_that_is_no_single_value_fails(name: str, shown: str, op: str) -> None:
    body = {"left": f"{{{{tasks.load.values.{name}}}}}", "op": op, "right": "1"}
    with pytest.raises(ConditionError, match=shown) as caught:
        run_condition(body, SCOPE, location="x.yml:1")
    assert "text, numbers and booleans" in (caught.value.detail or "")


def test_a_condition_compares_single_values_and_text_that_looks_like_a_list() -> None:
    scope = replace(SCOPE, job=replace(SCOPE.job, parameters={"l": '["a"]'}))
    for left, right in [("{{tasks.load.values.ok}}", "true"), ("{{job.parameters.l}}", '["a"]')]:
        body = {"left": left, "op": "EQUAL_TO", "right": right}
        assert run_condition(body, scope, location="x.yml:1").outcome == "true"


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
