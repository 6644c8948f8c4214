"""`summary.json`: the record of a run, written again after each task, so that it is always complete."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from lakewright.runner.errors import RunnerError
from lakewright.runner.handover.json_files import write_json
from lakewright.runner.handover.redactor import Redactor
from lakewright.runner.record.code_reports import merge_accounting
from lakewright.runner.record.redaction import without_secrets
from lakewright.runner.record.result import TaskResult, now

SCHEMA_VERSION = 1


class RecordError(RunnerError, OSError):
    """Raised when `summary.json` cannot be written: the disk is full, or the folder is read-only."""

    __str__ = RunnerError.__str__
    exit_code = 1


@dataclass(frozen=True)
class RunHead:
    """The part of the record that is known when a run starts."""

    run_id: str
    job: str
    target: str
    environment: str
    engine: Mapping[str, Any]
    git_sha: str
    started_at: datetime
    parameters: Mapping[str, str] = field(default_factory=dict)
    resumed_from: str | None = None
    repair_count: int = 0
    job_hash: str = ""
    task_hashes: Mapping[str, str] = field(default_factory=dict)


@dataclass
class RunSummary:
    """A run's record.

    Attributes:
        status: `running`, `success`, `success_with_failures` (a task failed and the job handled it), `failed` or
            `interrupted`; the next run changes `running` to `killed` if the runner was killed.
        tasks: Results by task path, in the order in which the tasks ended, without secrets.
        redactor: Removes secrets from texts and values; keys, names and states are kept.
    """

    head: RunHead
    path: Path
    redactor: Redactor = field(default_factory=lambda: Redactor(()))
    status: str = "running"
    reason: str | None = None
    ended_at: datetime | None = None
    tasks: dict[str, TaskResult] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def run_id(self) -> str:
        """The run's id, which names its folder."""
        return self.head.run_id

    @property
    def accounting(self) -> list[dict[str, Any]]:
        """Row accounting, one entry for each source."""
        return merge_accounting([result.report for result in self.tasks.values()])

    @property
    def model(self) -> dict[str, Any] | None:
        """The last model that a task reported."""
        models = [result.report.get("model") for result in self.tasks.values()]
        return next((dict(model) for model in reversed(models) if model), None)

    def record(self, key: str, result: TaskResult) -> TaskResult:
        """Add the end of a task and write the file.

        Returns:
            The result without secrets; it can be shown.
        """
        clean = without_secrets(result, self.redactor)
        with self._lock:
            self.tasks.pop(key, None)
            self.tasks[key] = clean
            self._write()
        return clean

    def write(self) -> None:
        """Write the file."""
        with self._lock:
            self._write()

    def close(self, status: str, reason: str | None = None) -> None:
        """Set the run's status and write the file for the last time."""
        with self._lock:
            self.status, self.reason, self.ended_at = status, reason, now()
            self._write()

    def as_dict(self) -> dict[str, Any]:
        """The content of `summary.json`; its schema is `summary.schema.json`."""
        head = self.head
        return {
            "schema_version": SCHEMA_VERSION,
            "run_id": head.run_id,
            "job": head.job,
            "target": head.target,
            "environment": head.environment,
            "engine": dict(head.engine),
            "git_sha": head.git_sha,
            "started_at": head.started_at.isoformat(),
            "ended_at": self.ended_at.isoformat() if self.ended_at else None,
            "status": self.status,
            "reason": self.redactor.tree(self.reason),
            "resumed_from": head.resumed_from,
            "repair_count": head.repair_count,
            "parameters": self.redactor.tree(head.parameters),
            "job_hash": head.job_hash,
            "task_hashes": dict(head.task_hashes),
            "tasks": [_task(key, result, self.redactor) for key, result in self.tasks.items()],
            "accounting": self.accounting,
            "model": self.model,
        }

    def _write(self) -> None:
        try:
            write_json(self.path, self.as_dict())
        except OSError as error:
            raise RecordError(
                "the run's record cannot be written",
                detail=str(error),
                location=str(self.path),
                fix=f"make room on the disk, or make the folder writable, then: lakewright run {self.head.job} --resume",
            ) from error


def _task(key: str, result: TaskResult, redactor: Redactor) -> dict[str, Any]:
    report = result.report
    return {
        "key": key,
        "attempt": result.attempt,
        "status": result.status.value,
        "reason": result.reason,
        "seconds": result.seconds,
        "rows_in": report.get("rows_in"),
        "rows_out": report.get("rows_out"),
        "tables": list(report.get("tables") or []),
        "error": result.problem.as_dict() if result.problem else None,
        "standing": result.standing.value,
        "outcome": result.outcome,
        "executed": result.executed,
        "values": redactor.values(result.values),
        "rows": redactor.values(result.rows),
        "exit_value": redactor.tree(result.exit_value),
        "notes": list(result.notes),
        "log": str(result.log) if result.log else None,
        "reused_from": result.reused_from,
        "report": {name: report.get(name) for name in ("accounting", "model") if report.get(name)},
    }
