"""How a task ended, in two words: its `Status` and its `Standing`.

`Status` is what a person reads, and what happened to this task. `Standing` is how the end counts for the tasks behind it and
for the job. Databricks has one word, `result_state`; references such as `{{tasks.<key>.result_state}}` get it:

| what happened                                     | Status    | Standing    | Databricks' `result_state` |
|---------------------------------------------------|-----------|-------------|----------------------------|
| the code ran to its end                           | `success` | `succeeded` | `success`                  |
| the code failed, was killed or interrupted        | `failed`  | `failed`    | `failed`                   |
| a time limit ended it                             | `failed`  | `failed`    | `timedout`                 |
| broken configuration, nothing ran                 | `config`  | `failed`    | `failed`                   |
| a task before it failed                           | `skipped` | `failed`    | `upstream_failed`          |
| the other branch, or `run_if` not met             | `skipped` | `excluded`  | `excluded`                 |
| disabled, or a task before it is disabled         | `skipped` | `disabled`  | `disabled`                 |
| not selected (`--only`, `--from`)                 | `skipped` | `succeeded` | `excluded`                 |
| needs a workspace                                 | `cloud`   | `blocked`   | none: `failed` is given    |
| left to workspaces by the project itself          | `cloud`   | `excluded`  | `excluded`                 |
| a task before it needs a workspace                | `skipped` | `blocked`   | none: `excluded` is given  |

Source: https://docs.databricks.com/aws/en/jobs/dynamic-value-references; `disabled` is a result state of the Jobs API
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from databricks_utils.errors import DiagnosedError
from lakewright.runner.handover.problem import Problem


class Status(StrEnum):
    """What happened to a task; the words of `summary.json`."""

    SUCCESS = "success"
    FAILED = "failed"
    SKIPPED = "skipped"
    CLOUD = "cloud"
    CONFIG = "config"


class Standing(StrEnum):
    """How the end of a task counts for the tasks that depend on it.

    EXCLUDED tasks were left out and count as successful. DISABLED tasks do not count as successful.
    BLOCKED tasks were not executed here, because they or a task
    before them need a workspace: their result is unknown.
    """

    SUCCEEDED = "succeeded"
    FAILED = "failed"
    EXCLUDED = "excluded"
    DISABLED = "disabled"
    BLOCKED = "blocked"


@dataclass(frozen=True)
class TaskResult:
    """The end of a task, or of one of its attempts.

    Attributes:
        outcome: "true" or "false" of a condition task.
        values: Its task values.
        rows: The rows of a SQL task; None if it has none, or no task refers to them.
        seconds: How long it ran.
        executed: Whether code of the task ran here (not for a skipped or a cloud task).
        timed_out: Whether a time limit ended it.
        final: Whether no further attempt may follow, whatever the bundle says.
        report: What the project's code reported: rows, tables, accounting, model.
        reused_from: The run from which `--resume` took this result.
    """

    status: Status
    standing: Standing
    reason: str | None = None
    problem: Problem | None = None
    outcome: str | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    rows: Sequence[Mapping[str, Any]] | None = None
    exit_value: str | None = None
    seconds: float = 0.0
    attempt: int = 1
    executed: bool = True
    timed_out: bool = False
    final: bool = False
    log: Path | None = None
    notes: tuple[str, ...] = ()
    report: Mapping[str, Any] = field(default_factory=dict)
    reused_from: str | None = None

    @property
    def result_state(self) -> str:
        """Databricks' word for this end, see the table above."""
        if self.timed_out:
            return "timedout"
        if self.standing is Standing.DISABLED:
            return "disabled"
        if self.status is Status.SKIPPED:
            return "upstream_failed" if self.standing is Standing.FAILED else "excluded"
        if self.standing is Standing.EXCLUDED:
            return "excluded"
        return "success" if self.standing is Standing.SUCCEEDED else "failed"


def failed(problem: Problem) -> TaskResult:
    """The result of a task whose code failed."""
    return TaskResult(Status.FAILED, Standing.FAILED, problem.summary, problem)


def misconfigured(error: DiagnosedError) -> TaskResult:
    """The result of a task that did not start because its configuration is broken."""
    problem = Problem.of(error)
    return TaskResult(Status.CONFIG, Standing.FAILED, problem.summary, problem, executed=False)


def skipped(standing: Standing, reason: str, *, timed_out: bool = False) -> TaskResult:
    """The result of a task that was not started."""
    return TaskResult(Status.SKIPPED, standing, reason, executed=False, timed_out=timed_out)


def now() -> datetime:
    """The present moment, with its time zone."""
    return datetime.now(UTC)
