"""Progress in a terminal: a table that is updated while the tasks run."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

from lakewright.runner.record.result import TaskResult
from lakewright.runner.shown.result_text import rows_text, status_text


@dataclass
class _Row:
    started: float | None = None
    attempt: int = 1
    result: TaskResult | None = None


@dataclass
class LiveProgress:
    """A table that is updated while the tasks run; visible inside `shown()`."""

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
        """Add a row for each task."""
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
        """Put the result into the row."""
        with self._lock:
            self._rows.setdefault(key, _Row()).result = result

    def attempt_failed(self, key: str, result: TaskResult, wait: float) -> None:
        """Print above the table that a task is retried."""
        self.console.print(
            Text(f"{key}: attempt {result.attempt} failed: {result.reason}; retry in {wait:g} s")
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
