"""The status of a whole run, and the exit code of the command that ran it."""

from __future__ import annotations

from collections.abc import Mapping

from lakewright.runner.record.result import Standing, Status, TaskResult
from lakewright.runner.record.summary import RunSummary


def status_of(
    tasks: Mapping[str, TaskResult], standing: Standing, *, interrupted: bool
) -> tuple[str, str | None]:
    """The status of a run, and a reason if the tasks do not show one.

    Args:
        tasks: The results by key path.
        standing: The standing of the job.
        interrupted: Whether a signal ended the run.
    """
    if interrupted:
        return "interrupted", "ended by a signal"
    if standing is Standing.FAILED:
        return "failed", None
    results = list(tasks.values())
    if not any(result.executed for result in results):
        return "failed", "nothing was executed"
    if any(result.standing is Standing.BLOCKED for result in results) and not _ran_code(tasks):
        return "failed", "nothing was executed but conditions and loops: the other tasks need a workspace"
    if any(result.status in {Status.FAILED, Status.CONFIG} for result in results):
        return "success_with_failures", "a task failed, and the job handled it"
    return "success", None


def _ran_code(tasks: Mapping[str, TaskResult]) -> bool:
    """Whether a task with code of its own was executed, or taken over from the resumed run."""
    around = {key[:end] for key in tasks for end, sign in enumerate(key) if sign in "/["}
    return any(
        result.outcome is None and (result.executed or result.reused_from is not None)
        for key, result in tasks.items()
        if key not in around
    )


def exit_code(summary: RunSummary) -> int:
    """0 for success, 130 if the run was interrupted, else 1."""
    return {"success": 0, "interrupted": 130}.get(summary.status, 1)
