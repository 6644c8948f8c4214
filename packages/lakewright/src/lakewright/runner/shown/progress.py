"""What a person sees while a run goes on: a living table in a terminal, one line for each event elsewhere."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

from lakewright.runner.record.result import Status, TaskResult

STILL_RUNNING_SECONDS = 60.0
_LOOKS = 60  # in an interval: a mention comes so much of it too late at most
Clock = Callable[[], float]
WORDS = {
    Status.SUCCESS: ("ok", "green"),
    Status.FAILED: ("FAILED", "bold red"),
    Status.SKIPPED: ("skipped", "yellow"),
    Status.CLOUD: ("CLOUD", "yellow"),
    Status.CONFIG: ("CONFIG", "bold red"),
}


def status_text(result: TaskResult) -> Text:
    """The status as a coloured word; a result that was taken over is named so."""
    word, style = WORDS[result.status]
    return Text("reused", "green") if result.reused_from else Text(word, style)


def rows_text(result: TaskResult) -> str:
    """`in → out`, as far as the task reported them."""
    rows = [result.report.get("rows_in"), result.report.get("rows_out")]
    if rows == [None, None]:
        return ""
    return " → ".join("?" if count is None else f"{count:,}" for count in rows)


@dataclass
class _Attempt:
    """A running task: when its attempt began, and when it is mentioned next."""

    started: float
    due: float


class PlainProgress:
    """One line for each event, for logs and pipes; as a context also one a minute for each task that still runs.

    Args:
        console: Where to.
        interval: Seconds between two mentions of a running task.
        clock: The time, in seconds.
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
        """Mention the running tasks for the length of a block."""
        ended = threading.Event()

        def mention() -> None:
            try:
                while not ended.wait(self._interval / _LOOKS):
                    self.mention_running()
            except BaseException as error:  # noqa: BLE001 - nobody reads the output any more: a matter of the run's thread
                self._broken = error

        thread = threading.Thread(target=mention, name="still-running", daemon=True)
        thread.start()
        try:
            yield self
        finally:
            ended.set()
            thread.join()

    def mention_running(self) -> None:
        """Say which tasks are still running, each once an interval: nothing looks like something that hangs."""
        with self._lock:
            now = self._clock()
            for key, task in self._running.items():
                if now >= task.due:
                    rounds = int((now - task.started) / self._interval)
                    task.due = task.started + (rounds + 1) * self._interval
                    self._print(f"{key}: running, {rounds * self._interval:g} s")

    def run_started(self, run_id: str, job: str, tasks: tuple[str, ...]) -> None:
        """Name the run."""
        self._say(f"run {run_id}: job {job}, {len(tasks)} task(s)")

    def task_started(self, key: str, attempt: int) -> None:
        """Name the task."""
        now = self._clock()
        self._say(
            f"{key}: started" + (f" (attempt {attempt})" if attempt > 1 else ""),
            running={key: _Attempt(now, now + self._interval)},
        )

    def task_ended(self, key: str, result: TaskResult) -> None:
        """Say how it ended."""
        rows = rows_text(result)
        parts = [
            f"{key}: {status_text(result).plain}",
            f"{result.seconds:.1f} s" if result.executed else "",
            f"rows {rows}" if rows else "",
            result.reason or "",
        ]
        self._say("  ".join(part for part in parts if part), ended=key)

    def attempt_failed(self, key: str, result: TaskResult, wait: float) -> None:
        """Say that it is tried again."""
        when = f"in {wait:g} s" if wait else "now"
        self._say(f"{key}: attempt {result.attempt} failed: {result.reason}; again {when}", ended=key)

    def _say(
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


@dataclass
class _Row:
    started: float | None = None
    attempt: int = 1
    result: TaskResult | None = None


@dataclass
class LiveProgress:
    """A table that changes while the tasks run; use it as a context."""

    console: Console
    _rows: dict[str, _Row] = field(default_factory=dict)
    _title: str = ""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def shown(self) -> Iterator[LiveProgress]:
        """Keep the table on the screen for the length of a block."""
        with Live(get_renderable=self._table, console=self.console, refresh_per_second=4, transient=True):
            yield self

    def run_started(self, run_id: str, job: str, tasks: tuple[str, ...]) -> None:
        """Set the rows up."""
        with self._lock:
            self._title = f"{job} · run {run_id}"
            self._rows.update({key: _Row() for key in tasks})

    def task_started(self, key: str, attempt: int) -> None:
        """Start the clock of a row."""
        with self._lock:
            row = self._rows.setdefault(key, _Row())
            row.attempt = attempt
            row.started = row.started or time.monotonic()

    def task_ended(self, key: str, result: TaskResult) -> None:
        """Close a row."""
        with self._lock:
            self._rows.setdefault(key, _Row()).result = result

    def attempt_failed(self, key: str, result: TaskResult, wait: float) -> None:
        """Say above the table that a task is tried again."""
        self.console.print(
            Text(f"{key}: attempt {result.attempt} failed: {result.reason}; again in {wait:g} s")
        )

    def _table(self) -> Table:
        table = Table(title=self._title, title_justify="left", show_edge=False, pad_edge=False)
        for name in ("task", "status", "seconds", "rows", "note"):
            table.add_column(name, justify="right" if name == "seconds" else "left", overflow="fold")
        with self._lock:
            for key, row in self._rows.items():
                table.add_row(*self._cells(key, row))
        return table

    @staticmethod
    def _cells(key: str, row: _Row) -> tuple[str | Text, ...]:
        if row.result is not None:
            seconds = f"{row.result.seconds:.1f}" if row.result.executed else ""
            return (
                Text(key),
                status_text(row.result),
                seconds,
                rows_text(row.result),
                Text(row.result.reason or ""),
            )
        if row.started is None:
            return Text(key, "dim"), Text("waiting", "dim"), "", "", ""
        note = f"attempt {row.attempt}" if row.attempt > 1 else ""
        return Text(key), Text("running", "cyan"), f"{time.monotonic() - row.started:.0f}", "", note
