"""Receives the events of a run, for example to show progress."""

from __future__ import annotations

from typing import Protocol

from lakewright.runner.record.result import TaskResult


class Listener(Protocol):
    """Receives the events of a run; keys of nested tasks are paths (`ingestion/bronze`, `loop[0]`)."""

    def run_started(self, run_id: str, job: str, tasks: tuple[str, ...]) -> None:
        """The run starts; `tasks` are the keys of the job's own tasks."""

    def task_started(self, key: str, attempt: int) -> None:
        """An attempt starts."""

    def task_ended(self, key: str, result: TaskResult) -> None:
        """A task has ended, or was skipped."""

    def attempt_failed(self, key: str, result: TaskResult, wait: float) -> None:
        """An attempt failed, and another one follows after `wait` seconds."""


class SilentListener:
    """Ignores everything."""

    def run_started(self, run_id: str, job: str, tasks: tuple[str, ...]) -> None:
        """Do nothing."""

    def task_started(self, key: str, attempt: int) -> None:
        """Do nothing."""

    def task_ended(self, key: str, result: TaskResult) -> None:
        """Do nothing."""

    def attempt_failed(self, key: str, result: TaskResult, wait: float) -> None:
        """Do nothing."""
