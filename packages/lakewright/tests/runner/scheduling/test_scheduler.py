"""The scheduler: a pure state machine."""

from typing import Any

import pytest

from lakewright.runner.errors import PlanError
from lakewright.runner.planning.graph import RunIf, build_plan
from lakewright.runner.record.result import Standing, Status, TaskResult
from lakewright.runner.scheduling.run_if import decide
from lakewright.runner.scheduling.scheduler import Scheduler, job_standing

pytestmark = pytest.mark.unit

S, F, X, B, D = (
    Standing.SUCCEEDED,
    Standing.FAILED,
    Standing.EXCLUDED,
    Standing.BLOCKED,
    Standing.DISABLED,
)
U = None  # a condition task took the other branch


def ended(standing: Standing, outcome: str | None = None) -> TaskResult:
    return TaskResult(Status.SUCCESS, standing, outcome=outcome)


def plan_of(*tasks: dict[str, Any]) -> Any:
    return build_plan("j", {"tasks": [{"notebook_task": {}, **task} for task in tasks]}).tasks


def named(edges: list[Standing | None]) -> dict[str, Standing | None]:
    return {f"t{number}": edge for number, edge in enumerate(edges)}


def after(*keys: str) -> list[dict[str, str]]:
    return [{"task_key": key} for key in keys]


NO_FAILURE = "runs only after a failure, and there was none"


@pytest.mark.parametrize(
    ("run_if", "edges"),
    [
        ("ALL_SUCCESS", [S, S]),
        ("ALL_SUCCESS", [S, X]),
        ("AT_LEAST_ONE_SUCCESS", [F, S]),
        ("NONE_FAILED", [S, X]),
        ("NONE_FAILED", [S, U]),
        ("ALL_DONE", [F, F]),
        ("ALL_DONE", [F, B]),
        ("AT_LEAST_ONE_FAILED", [S, F]),
        ("ALL_FAILED", [F, F]),
        ("AT_LEAST_ONE_SUCCESS", [D, S]),
        ("NONE_FAILED", [D, S]),
        ("NONE_FAILED", [D, X]),
        ("ALL_DONE", [D]),
        ("AT_LEAST_ONE_FAILED", [D, F]),
    ],
)
def test_a_task_runs_if_its_run_if_value_accepts_how_the_dependencies_ended(
    run_if: str, edges: list[Standing | None]
) -> None:
    assert decide(RunIf(run_if), named(edges)) is None


@pytest.mark.parametrize(
    ("run_if", "edges", "standing", "reason"),
    [
        ("ALL_SUCCESS", [S, F], F, "upstream failed: `t1`"),
        ("ALL_SUCCESS", [S, B], B, "needs the result of `t1`, not executed here"),
        ("ALL_SUCCESS", [S, U], X, "the other branch of `t1` was taken"),
        ("ALL_SUCCESS", [X, X], X, "left out with `t0`, `t1`"),
        ("AT_LEAST_ONE_SUCCESS", [F, F], F, "upstream failed: `t0`, `t1`"),
        ("AT_LEAST_ONE_SUCCESS", [F, B], B, "needs the result of `t1`, not executed here"),
        ("NONE_FAILED", [S, F], F, "upstream failed: `t1`"),
        ("NONE_FAILED", [X, U], X, "the other branch of `t1` was taken"),
        ("ALL_DONE", [B, B], B, "needs the result of `t0`, `t1`, not executed here"),
        ("AT_LEAST_ONE_FAILED", [S, S], X, NO_FAILURE),
        ("AT_LEAST_ONE_FAILED", [S, B], B, "needs the result of `t1`, not executed here"),
        ("ALL_FAILED", [F, S], X, NO_FAILURE),
        ("ALL_FAILED", [F, B], B, "needs the result of `t1`, not executed here"),
        ("ALL_SUCCESS", [D], D, "`t0` is disabled"),
        ("ALL_SUCCESS", [S, D], D, "`t1` is disabled"),
        ("ALL_SUCCESS", [F, D], F, "upstream failed: `t0`"),
        ("AT_LEAST_ONE_SUCCESS", [D, D], D, "`t0`, `t1` is disabled"),
        ("AT_LEAST_ONE_SUCCESS", [D, F], F, "upstream failed: `t1`"),
        ("NONE_FAILED", [D, D], D, "`t0`, `t1` is disabled"),
        ("AT_LEAST_ONE_FAILED", [D, S], D, "`t0` is disabled"),
        ("ALL_FAILED", [D], D, "`t0` is disabled"),
        ("ALL_FAILED", [D, F], D, "`t0` is disabled"),
    ],
)
def test_else_the_task_is_skipped_and_the_reason_names_the_dependencies(
    run_if: str, edges: list[Standing | None], standing: Standing, reason: str
) -> None:
    end = decide(RunIf(run_if), named(edges))
    assert end is not None
    assert (end.status, end.standing, end.reason) == (Status.SKIPPED, standing, reason)


def test_tasks_start_as_soon_as_what_they_wait_for_has_ended() -> None:
    scheduler = Scheduler(
        plan_of({"task_key": "a"}, {"task_key": "b"}, {"task_key": "c", "depends_on": after("a")})
    )
    start, _ = scheduler.next()
    assert [task.key for task in start] == ["a", "b"]
    assert scheduler.next() == ([], [])
    scheduler.finish("a", ended(Standing.SUCCEEDED))
    assert [task.key for task in scheduler.next()[0]] == ["c"]


def test_a_failure_runs_through_the_whole_chain_behind_it_with_its_reason() -> None:
    tasks = plan_of(
        {"task_key": "a"},
        {"task_key": "b", "depends_on": after("a")},
        {"task_key": "c", "depends_on": after("b")},
    )
    scheduler = Scheduler(tasks)
    scheduler.next()
    scheduler.finish("a", ended(Standing.FAILED))
    start, left_out = scheduler.next()
    assert start == []
    assert [(task.key, end.reason) for task, end in left_out] == [
        ("b", "upstream failed: `a`"),
        ("c", "upstream failed: `b`"),
    ]
    assert scheduler.finished
    assert job_standing(tasks, scheduler.ended) is Standing.FAILED


def test_only_the_branch_that_the_condition_chose_is_run() -> None:
    tasks = plan_of(
        {"task_key": "check", "condition_task": {}},
        {"task_key": "yes", "depends_on": [{"task_key": "check", "outcome": "true"}]},
        {"task_key": "no", "depends_on": [{"task_key": "check", "outcome": "false"}]},
        {"task_key": "join", "depends_on": after("yes", "no"), "run_if": "NONE_FAILED"},
    )
    scheduler = Scheduler(tasks)
    scheduler.next()
    scheduler.finish("check", ended(Standing.SUCCEEDED, outcome="false"))
    start, left_out = scheduler.next()
    assert [task.key for task in start] == ["no"]
    assert [(task.key, end.standing) for task, end in left_out] == [("yes", Standing.EXCLUDED)]
    scheduler.finish("no", ended(Standing.SUCCEEDED))
    assert [task.key for task in scheduler.next()[0]] == ["join"]


def test_what_depends_on_a_task_that_needs_a_workspace_is_not_run_either() -> None:
    tasks = plan_of({"task_key": "cloud"}, {"task_key": "b", "depends_on": after("cloud")})
    scheduler = Scheduler(tasks)
    scheduler.next()
    scheduler.finish("cloud", ended(Standing.BLOCKED))
    _, left_out = scheduler.next()
    assert left_out[0][1].standing is Standing.BLOCKED
    assert "`cloud`" in (left_out[0][1].reason or "")
    assert job_standing(tasks, scheduler.ended) is Standing.BLOCKED


def test_a_disabled_task_is_left_out_with_the_tasks_that_need_its_success() -> None:
    tasks = plan_of(
        {"task_key": "a", "disabled": True},
        {"task_key": "b"},
        {"task_key": "needs", "depends_on": after("a")},
        {"task_key": "last", "depends_on": after("needs"), "run_if": "ALL_DONE"},
    )
    scheduler = Scheduler(tasks)
    start, left_out = scheduler.next()
    assert {task.key for task in start} == {"b", "last"}
    assert {task.key: end.reason for task, end in left_out} == {
        "a": "disabled in the bundle",
        "needs": "`a` is disabled",
    }
    assert {end.result_state for _, end in left_out} == {"disabled"}


def test_a_disabled_task_is_not_run_although_the_task_before_it_failed() -> None:
    tasks = plan_of({"task_key": "a"}, {"task_key": "b", "disabled": True, "depends_on": after("a")})
    scheduler = Scheduler(tasks)
    scheduler.next()
    scheduler.finish("a", ended(Standing.FAILED))
    assert scheduler.next()[1][0][1].standing is Standing.DISABLED


def test_a_handled_failure_does_not_fail_the_job() -> None:
    tasks = plan_of(
        {"task_key": "a"}, {"task_key": "fix", "depends_on": after("a"), "run_if": "AT_LEAST_ONE_FAILED"}
    )
    scheduler = Scheduler(tasks)
    scheduler.next()
    scheduler.finish("a", ended(Standing.FAILED))
    assert [task.key for task in scheduler.next()[0]] == ["fix"]
    scheduler.finish("fix", ended(Standing.SUCCEEDED))
    assert job_standing(tasks, scheduler.ended) is Standing.SUCCEEDED


@pytest.mark.parametrize(
    ("tasks", "words"),
    [
        ([{"task_key": "a", "depends_on": after("silvr")}, {"task_key": "silver"}], "did you mean `silver`"),
        ([{"task_key": "a"}, {"task_key": "a"}], "rename one"),
        (
            [{"task_key": "a", "depends_on": after("b")}, {"task_key": "b", "depends_on": after("a")}],
            "depends_on",
        ),
        ([{"task_key": "a", "run_if": "ALL_SUCESS"}], "did you mean `ALL_SUCCESS`"),
        ([{"notebook_task": {}}], "add `task_key: …`"),
    ],
)
def test_a_graph_that_cannot_be_run_is_refused_with_a_fix(tasks: list[dict[str, Any]], words: str) -> None:
    with pytest.raises(PlanError) as caught:
        plan_of(*tasks)
    assert words in (caught.value.fix or "")
    assert (caught.value.location or "").startswith("resources.jobs.j")
