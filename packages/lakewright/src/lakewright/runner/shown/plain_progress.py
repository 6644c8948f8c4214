"""Progress in logs and pipes: one line for each event."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from rich.console import Console
from rich.text import Text

from lakewright.runner.record.result import TaskResult
from lakewright.runner.shown.result_text import rows_text, status_text

STILL_RUNNING_SECONDS = 60.0
_CHECKS = 60  # in one interval
Clock = Callable[[], float]


@dataclass
class _Attempt:
    """A running task: when its attempt started, and when its next line is due."""

    started: float
    due: float


class PlainProgress:
    """Prints one line for each event, and inside `shown()` one line a minute for each running task.

    Args:
        console: Where to print.
        interval: Seconds between two lines about the same running task.
        clock: Returns the time in seconds.
    """

    def __init__(
        self, console: Console, *, interval: float = STILL_RUNNING_SECONDS, clock: Clock = time.monotonic
    ) -> None:
        self._console, self._interval, self._clock = console, interval, clock
        self._running: dict[str, _Attempt] = {}
        self._broken: BaseException | None = None
        self._lock = threading.Lock()

    @contextmanager
    def shown(self) -> Iterator[PlainProgress]:
        """Print the running tasks once an interval while the block runs."""
        ended = threading.Event()

        def watch() -> None:
            try:
                while not ended.wait(self._interval / _CHECKS):
                    self.print_running()
            except BaseException as error:  # noqa: BLE001 - the output is closed; the run's thread raises it again
                self._broken = error

        thread = threading.Thread(target=watch, name="still-running", daemon=True)
        thread.start()
        try:
            yield self
        finally:
            ended.set()
            thread.join()

    def print_running(self) -> None:
        """Print the tasks that still run, each once an interval."""
        with self._lock:
            now = self._clock()
            for key, task in self._running.items():
                if now >= task.due:
                    rounds = int((now - task.started) / self._interval)
                    task.due = task.started + (rounds + 1) * self._interval
                    self._print(f"{key}: running, {rounds * self._interval:g} s")

    def run_started(self, run_id: str, job: str, tasks: tuple[str, ...]) -> None:
        """Print the run and its job."""
        self._event(f"run {run_id}: job {job}, {len(tasks)} task(s)")

    def task_started(self, key: str, attempt: int) -> None:
        """Print the task."""
        now = self._clock()
        self._event(
            f"{key}: started" + (f" (attempt {attempt})" if attempt > 1 else ""),
            running={key: _Attempt(now, now + self._interval)},
        )

    def task_ended(self, key: str, result: TaskResult) -> None:
        """Print how the task ended."""
        rows = rows_text(result)
        parts = [
            f"{key}: {status_text(result).plain}",
            f"{result.seconds:.1f} s" if result.executed else "",
            f"rows {rows}" if rows else "",
            result.reason or "",
        ]
        self._event("  ".join(part for part in parts if part), ended=key)

    def attempt_failed(self, key: str, result: TaskResult, wait: float) -> None:
        """Print that the task is retried."""
        when = f"in {wait:g} s" if wait else "now"
        self._event(f"{key}: attempt {result.attempt} failed: {result.reason}; retry {when}", ended=key)

    def _event(
        self, line: str, *, running: Mapping[str, _Attempt] | None = None, ended: str | None = None
    ) -> None:
        with self._lock:
            if self._broken is not None:
                raise self._broken
            self._running.update(running or {})
            if ended is not None:
                self._running.pop(ended, None)
            self._print(line)

    def _print(self, line: str) -> None:
        self._console.print(Text(line), soft_wrap=True)
