"""What all jobs and tasks of one run share: folder, engine, processes, records, the wish to end."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from lakewright.runner.planning.local_values import BundleLike
from lakewright.runner.process.interpreters import Interpreters
from lakewright.runner.record.redaction import Redactor
from lakewright.runner.record.result import TaskResult


class Engine(Protocol):
    """The part of an engine's handle that the runner needs."""

    @property
    def pid(self) -> int:
        """The JVM's process."""

    def environment(self, principal: str | None = None) -> dict[str, str]:
        """Variables by which a task attaches to it."""

    def is_alive(self) -> bool:
        """Whether it still answers."""


class Verdict(Protocol):
    """What `classify_task` says: `kind` is LOCAL, CLOUD or CONFIG."""

    @property
    def kind(self) -> Any:
        """The verdict."""

    @property
    def reason(self) -> str | None:
        """Why."""

    @property
    def location(self) -> object:
        """Where, for CONFIG."""

    @property
    def fix(self) -> str | None:
        """What to do about it."""


class Listener(Protocol):
    """Hears what happens in a run; keys of nested tasks are paths (`ingestion/bronze`, `loop[0]`)."""

    def run_started(self, run_id: str, job: str, tasks: tuple[str, ...]) -> None:
        """The run begins; `tasks` are the keys of the job's own tasks."""

    def task_started(self, key: str, attempt: int) -> None:
        """An attempt begins."""

    def task_ended(self, key: str, result: TaskResult) -> None:
        """A task has ended, or was left out."""

    def attempt_failed(self, key: str, result: TaskResult, wait: float) -> None:
        """An attempt failed, and another one follows after `wait` seconds."""


class SilentListener:
    """Hears and says nothing."""

    def run_started(self, run_id: str, job: str, tasks: tuple[str, ...]) -> None:
        """Say nothing."""

    def task_started(self, key: str, attempt: int) -> None:
        """Say nothing."""

    def task_ended(self, key: str, result: TaskResult) -> None:
        """Say nothing."""

    def attempt_failed(self, key: str, result: TaskResult, wait: float) -> None:
        """Say nothing."""


@dataclass(frozen=True)
class RunOptions:
    """What the caller wishes.

    Attributes:
        parameters: Job parameters by name, over the defaults of the bundle.
        only: Keys of the only tasks to run; what they depend on counts as done.
        start_from: Key of the task to begin with; everything before it counts as done.
        resume: Take over the successful tasks of the last run of this job that did not succeed.
        max_processes: How many tasks may run at once.
        classic: Each task has a JVM of its own; then they run one after the other.
    """

    parameters: Mapping[str, str] = field(default_factory=dict)
    only: tuple[str, ...] = ()
    start_from: str | None = None
    resume: bool = False
    max_processes: int = 2
    classic: bool = False
    git_sha: str | None = None


@dataclass
class RunContext:
    """One run."""

    bundle: BundleLike
    run_id: str
    folder: Path
    project: Path
    options: RunOptions
    interpreters: Interpreters
    redactor: Redactor
    secrets: Mapping[str, str]
    record: Callable[[str, TaskResult], None]
    classify: Callable[[str, Mapping[str, Any]], Verdict | None]
    engine: Callable[[], Engine | None]
    listener: Listener
    started_at: datetime
    reusable: Mapping[str, TaskResult] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    cancelled: threading.Event = field(default_factory=threading.Event)
    slots: threading.Semaphore = field(init=False)
    _outstanding: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        limit = 1 if self.options.classic else max(self.options.max_processes, 1)
        self.slots = threading.Semaphore(limit)

    def locate(self, path: str) -> str:
        """The place of a value as `file:line`, else its key path."""
        place = self.bundle.locate(path)
        return str(place) if place is not None else path

    def expect(self, count: int) -> None:
        """Count tasks that are still to come (or, negative, that came)."""
        with self._lock:
            self._outstanding += count

    @property
    def more_to_come(self) -> bool:
        """Whether a process for another task should be started ahead."""
        return self._outstanding > 0 and not self.cancelled.is_set()

    @contextmanager
    def slot(self) -> Iterator[bool]:
        """Hold one of the places for processes; False when the run was ended meanwhile."""
        got = False
        while not got and not self.cancelled.is_set():
            got = self.slots.acquire(timeout=0.2)
        try:
            yield got and not self.cancelled.is_set()
        finally:
            if got:
                self.slots.release()

    def wait(self, seconds: float) -> bool:
        """Wait, unless the run is ended meanwhile; whether the time passed."""
        return not self.cancelled.wait(seconds)
