"""`for_each_task`: runs one iteration for each element of its inputs."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from lakewright.runner.errors import PlanError
from lakewright.runner.handover.problem import Problem
from lakewright.runner.record.result import Standing, Status, TaskResult


def run_iterations(
    count: int, iterate: Callable[[int], TaskResult], *, concurrency: int, label: str
) -> TaskResult:
    """Run the iterations of a loop and return the result of the loop.

    Args:
        count: The number of iterations.
        iterate: Runs one iteration, given its index.
        concurrency: How many iterations may run at the same time.
        label: The loop's path in the run.
    """
    with ThreadPoolExecutor(max_workers=max(concurrency, 1), thread_name_prefix=f"loop {label}") as pool:
        results = list(pool.map(iterate, range(count)))
    return _loop_result(results)


def loop_inputs(value: Any, *, location: str) -> list[Any]:
    """The elements of a loop.

    Args:
        value: `inputs` with references resolved: a list, or a list as JSON.
        location: Where it is written, for the error.

    Raises:
        PlanError: It is not a list.
    """
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError as error:
            raise PlanError(
                "the inputs of a for_each task are not a JSON list",
                detail=f"{value[:200]}\n{error}",
                location=location,
                fix='write a list, such as [1, 2] or ["a", "b"], or refer to a task value that is one',
            ) from error
    if not isinstance(value, list):
        raise PlanError(
            "the inputs of a for_each task are not a list",
            detail=f"{type(value).__name__}: {json.dumps(value)[:200]}",
            location=location,
            fix='write a list, such as [1, 2] or ["a", "b"]',
        )
    return value


def _loop_result(results: Sequence[TaskResult]) -> TaskResult:
    bad = [index for index, result in enumerate(results) if result.standing is Standing.FAILED]
    done = sum(result.status is Status.SUCCESS for result in results)
    note = f"{done} of {len(results)} iterations succeeded"
    executed = any(result.executed for result in results) or not results
    if not bad and any(result.standing is Standing.BLOCKED for result in results):
        blocked = next(result for result in results if result.standing is Standing.BLOCKED)
        return TaskResult(Status.SKIPPED, Standing.BLOCKED, blocked.reason, notes=(note,), executed=executed)
    if not bad:
        return TaskResult(Status.SUCCESS, Standing.SUCCEEDED, notes=(note,), executed=executed)
    first = results[bad[0]].problem
    summary = (
        f"iteration {bad[0]} of {len(results)} failed"
        if len(bad) == 1
        else f"{len(bad)} of {len(results)} iterations failed"
    )
    problem = Problem(summary)
    if first is not None:
        detail = "\n".join(part for part in (first.summary, first.detail) if part)
        problem = Problem(summary, detail, first.location, first.fix)
    return TaskResult(
        Status.FAILED,
        Standing.FAILED,
        summary,
        problem,
        notes=(note,),
        executed=executed,
        timed_out=any(result.timed_out for result in results),
    )
