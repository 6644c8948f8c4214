"""Retries and time limits, in memory; that a process is really ended is tested with processes."""

import dataclasses
import time
from typing import Any

import pytest

from lakewright.runner.handover.problem import Problem
from lakewright.runner.planning.time_limits import Limit
from lakewright.runner.record.result import Status, failed
from lakewright.runner.scheduling.run_context import RunContext

pytestmark = pytest.mark.unit


def at_try(number: int) -> Any:
    """Work that succeeds at that attempt."""

    def work(attempt: Any) -> None:
        assert attempt.number == number, attempt.number

    return work


def times_out(_: Any) -> Any:
    return dataclasses.replace(failed(Problem("took longer")), timed_out=True)


def test_a_task_is_tried_again_as_often_as_the_bundle_says(jobs: Any) -> None:
    task = jobs.task("t", max_retries=2, min_retry_interval_millis=1)
    summary = jobs.run(task, work={"t": at_try(3)})
    assert summary.status == "success"
    assert summary.tasks["t"].attempt == 3
    once_more = jobs.run(jobs.task("t", max_retries=1), work={"t": at_try(9)}).tasks["t"]
    assert (once_more.attempt, once_more.status) == (2, Status.FAILED)


def test_a_time_out_is_tried_again_only_where_the_bundle_says_so(jobs: Any) -> None:
    once = jobs.run(jobs.task("t", max_retries=1), work={"t": times_out})
    assert once.tasks["t"].attempt == 1
    twice = jobs.run(jobs.task("t", max_retries=1, retry_on_timeout=True), work={"t": times_out})
    assert twice.tasks["t"].attempt == 2


def test_a_final_failure_is_not_tried_again(jobs: Any) -> None:
    final = lambda _: dataclasses.replace(failed(Problem("unsafe")), final=True)  # noqa: E731 - shorter than a function
    assert jobs.run(jobs.task("t", max_retries=3), work={"t": final}).tasks["t"].attempt == 1


def test_an_attempt_gets_the_earliest_limit_and_what_set_it(jobs: Any) -> None:
    before = time.monotonic()
    jobs.run(jobs.task("t", timeout_seconds=50), jobs.task("u"), timeout_seconds=100)
    own, of_job = (
        next(a for a in jobs.executor.seen if a.label == key).starting_now().limit for key in ("t", "u")
    )
    assert own.words == "`timeout_seconds` of 50 s"
    assert 50 <= own.deadline - before < 80
    assert of_job.words == "the job's `timeout_seconds` of 100 s"
    jobs.run(jobs.task("t"))
    assert jobs.executor.seen[0].starting_now().limit is None


def test_the_time_of_a_task_counts_from_the_start_of_its_code(jobs: Any) -> None:
    jobs.run(jobs.task("t", timeout_seconds=50), timeout_seconds=100)
    (waiting,) = jobs.executor.seen
    assert waiting.limit.words == "the job's `timeout_seconds` of 100 s"
    later = time.monotonic()
    assert waiting.starting_now().limit.deadline >= later + 50


def test_the_interval_between_attempts_counts_from_the_start_of_the_failed_one(
    jobs: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []
    monkeypatch.setattr(RunContext, "wait", lambda _self, seconds: waits.append(seconds) or True)
    took = lambda seconds: lambda _: dataclasses.replace(failed(Problem("no")), seconds=seconds)  # noqa: E731 - shorter than a function
    task = jobs.task("t", max_retries=1, min_retry_interval_millis=10_000)
    jobs.run(task, work={"t": took(4.0)})
    jobs.run(task, work={"t": took(60.0)})
    assert waits == [6.0, 0.0]


def test_after_the_limit_of_the_job_no_task_starts_and_no_attempt_follows(jobs: Any) -> None:
    def slow(attempt: Any) -> Any:
        while time.monotonic() < attempt.limit.deadline:
            time.sleep(0.001)
        return failed(Problem("too late"))

    first = jobs.task("a", max_retries=5)
    second = jobs.task("b", after=("a",), run_if="ALL_DONE")
    summary = jobs.run(first, second, work={"a": slow}, timeout_seconds=0.05)
    assert jobs.executor.labels() == ["a"]
    assert "was over before it started" in (summary.tasks["b"].reason or "")
    assert summary.tasks["b"].timed_out
    assert summary.status == "failed"


def test_the_earliest_of_several_limits_counts() -> None:
    early, late = Limit(1.0, "early"), Limit(2.0, "late")
    assert Limit.earliest(late, None, early) is early
    assert Limit.earliest(None, None) is None
    assert Limit.of_task(None) is None


def test_the_executor_learns_how_many_tasks_are_still_to_come(jobs: Any) -> None:
    left: list[int] = []
    look = lambda _: left.append(jobs.executor.outstanding)  # noqa: E731 - shorter than a function
    jobs.run(jobs.task("a"), jobs.task("b", after=("a",)), work={"a": look, "b": look})
    assert left == [1, 0]
