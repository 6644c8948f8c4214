"""`run_if`: whether a task runs, once all tasks that it depends on have ended."""

from __future__ import annotations

from collections.abc import Mapping

from lakewright.runner.planning.graph import RunIf
from lakewright.runner.record.result import Standing, TaskResult, skipped

# How each dependency counts, by task key; None where a condition task took the other branch.
Dependencies = Mapping[str, Standing | None]


def decide(run_if: RunIf, dependencies: Dependencies) -> TaskResult | None:
    """Decide whether a task runs.

    Args:
        run_if: The task's condition.
        dependencies: How each dependency counts.

    Returns:
        None if the task runs, else its result, with the reason.

    Source: https://docs.databricks.com/aws/en/jobs/run-if and, for disabled tasks,
        https://docs.databricks.com/aws/en/jobs/disabled-tasks. BLOCKED exists only here: a task that needs a workspace is
        neither a success nor a failure.
    """
    standings = set(dependencies.values())
    if not dependencies:
        return None
    if standings <= {Standing.EXCLUDED, Standing.BLOCKED, None}:
        return _blocked(dependencies) if Standing.BLOCKED in standings else _excluded(dependencies)
    return _RULES[run_if](dependencies, standings)


def _all_success(dependencies: Dependencies, standings: set[Standing | None]) -> TaskResult | None:
    if Standing.FAILED in standings:
        return _upstream_failed(dependencies)
    if Standing.BLOCKED in standings:
        return _blocked(dependencies)
    if Standing.DISABLED in standings:
        return _disabled(dependencies)
    return _excluded(dependencies) if None in standings else None


def _none_failed(dependencies: Dependencies, standings: set[Standing | None]) -> TaskResult | None:
    if Standing.FAILED in standings:
        return _upstream_failed(dependencies)
    if Standing.BLOCKED in standings:
        return _blocked(dependencies)
    return _disabled(dependencies) if standings == {Standing.DISABLED} else None


def _one_success(dependencies: Dependencies, standings: set[Standing | None]) -> TaskResult | None:
    if Standing.SUCCEEDED in standings:
        return None
    if Standing.BLOCKED in standings:
        return _blocked(dependencies)
    only_disabled = Standing.DISABLED in standings and Standing.FAILED not in standings
    return _disabled(dependencies) if only_disabled else _upstream_failed(dependencies)


def _all_done(dependencies: Dependencies, standings: set[Standing | None]) -> TaskResult | None:
    del dependencies, standings
    return None


def _one_failed(dependencies: Dependencies, standings: set[Standing | None]) -> TaskResult | None:
    if Standing.FAILED in standings:
        return None
    return _blocked(dependencies) if Standing.BLOCKED in standings else _no_failure(dependencies)


def _all_failed(dependencies: Dependencies, standings: set[Standing | None]) -> TaskResult | None:
    if standings == {Standing.FAILED}:
        return None
    if standings == {Standing.FAILED, Standing.BLOCKED}:
        return _blocked(dependencies)
    return _no_failure(dependencies)


_RULES = {
    RunIf.ALL_SUCCESS: _all_success,
    RunIf.AT_LEAST_ONE_SUCCESS: _one_success,
    RunIf.NONE_FAILED: _none_failed,
    RunIf.ALL_DONE: _all_done,
    RunIf.AT_LEAST_ONE_FAILED: _one_failed,
    RunIf.ALL_FAILED: _all_failed,
}


def _names(dependencies: Dependencies, standing: Standing | None) -> str:
    return ", ".join(f"`{key}`" for key, found in dependencies.items() if found is standing)


def _upstream_failed(dependencies: Dependencies) -> TaskResult:
    return skipped(Standing.FAILED, f"upstream failed: {_names(dependencies, Standing.FAILED)}")


def _blocked(dependencies: Dependencies) -> TaskResult:
    names = _names(dependencies, Standing.BLOCKED)
    return skipped(Standing.BLOCKED, f"needs the result of {names}, not executed here")


def _excluded(dependencies: Dependencies) -> TaskResult:
    if other_branch := _names(dependencies, None):
        return skipped(Standing.EXCLUDED, f"the other branch of {other_branch} was taken")
    return skipped(Standing.EXCLUDED, f"left out with {_names(dependencies, Standing.EXCLUDED)}")


def _disabled(dependencies: Dependencies) -> TaskResult:
    return skipped(Standing.DISABLED, f"{_names(dependencies, Standing.DISABLED)} is disabled")


def _no_failure(dependencies: Dependencies) -> TaskResult:
    if Standing.DISABLED in dependencies.values():
        return _disabled(dependencies)
    return skipped(Standing.EXCLUDED, "runs only after a failure, and there was none")
