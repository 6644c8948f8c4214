"""How a task ended: for the scheduler, for references behind it, and for the summary."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from databricks_utils.errors import DiagnosedError
from lakewright.runner.handover.task_spec import Problem
from lakewright.runner.record.redaction import Redactor
from lakewright.runner.scheduling.scheduler import Settled, Standing


class Status(StrEnum):
    """The words of `summary.json` for a task."""

    SUCCESS = "success"
    FAILED = "failed"
    SKIPPED = "skipped"
    CLOUD = "cloud"
    CONFIG = "config"


@dataclass(frozen=True)
class TaskResult:
    """The end of a task, or of one of its attempts.

    Attributes:
        executed: Whether code of the task ran here (a skipped or a cloud task has none).
        outcome: "true" or "false" of a condition task.
        values: Its task values.
        report: What the project's code reported: rows, tables, accounting, model.
        final: Whether no further attempt may follow, whatever the bundle says.
        reused_from: The run whose result was taken over by `--resume`.
    """

    status: Status
    standing: Standing
    reason: str | None = None
    problem: Problem | None = None
    outcome: str | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
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
    def settled(self) -> Settled:
        """The part that the scheduler needs."""
        return Settled(self.standing, self.outcome, self.reason)

    @property
    def result_state(self) -> str:
        """Databricks' word for `{{tasks.<key>.result_state}}`."""
        if self.timed_out:
            return "timedout"
        if self.status is Status.SKIPPED:
            return "upstream_failed" if self.standing is Standing.FAILED else "excluded"
        return "success" if self.standing is Standing.SUCCEEDED else "failed"


def failed(error: DiagnosedError, *, status: Status = Status.FAILED, executed: bool = True) -> TaskResult:
    """The result of a task that an error of ours ended."""
    problem = Problem(error.summary, error.detail, error.location, error.fix, error.docs)
    return TaskResult(status, Standing.FAILED, error.summary, problem, executed=executed)


def without_secrets(result: TaskResult, redactor: Redactor) -> TaskResult:
    """The result as it may be told. Its values stay as they are: the tasks behind it need them."""
    problem = result.problem and Problem(**redactor.tree(result.problem.as_dict()))
    words = redactor.tree({"reason": result.reason, "notes": result.notes, "report": result.report})
    return replace(
        result, problem=problem, reason=words["reason"], notes=tuple(words["notes"]), report=words["report"]
    )


def skipped(end: Settled) -> TaskResult:
    """The result of a task that the scheduler left out."""
    return TaskResult(Status.SKIPPED, end.standing, end.reason, outcome=end.outcome, executed=False)


def now() -> datetime:
    """The present moment, with its time zone."""
    return datetime.now(UTC)
