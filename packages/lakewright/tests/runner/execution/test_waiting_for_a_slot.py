"""A task that waits for a free process: its own time does not run, the time of its job does."""

import threading
import time
from types import SimpleNamespace
from typing import Any

import pytest

from lakewright.runner.execution import process_executor as module
from lakewright.runner.execution.process_executor import ProcessExecutor
from lakewright.runner.planning.attempt import Attempt
from lakewright.runner.planning.time_limits import Limit

pytestmark = pytest.mark.unit


class Waiting:
    """An executor with one slot, which is taken; `started` are the attempts whose process would start.

    Only what surrounds the slot is replaced: no process is started.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch, folder: Any) -> None:
        self.started: list[tuple[float, Attempt]] = []
        self.cancelled = threading.Event()
        here: Any = SimpleNamespace(cancelled=self.cancelled, folder=folder, redactor=None)
        self.executor = ProcessExecutor(here, max_processes=1)
        self.executor._slots.acquire()
        spec = SimpleNamespace(spark="none")
        monkeypatch.setattr(module, "build_spec", lambda _here, _attempt: spec)
        monkeypatch.setattr(module, "with_engine", lambda _here, _attempt, given: given)
        monkeypatch.setattr(module, "result_of_exit", lambda *_: "ended")
        monkeypatch.setattr(module, "remove_secrets_from_files", lambda *_: None)
        monkeypatch.setattr(self.executor, "_process", self._process)
        self.results: list[Any] = []

    def _process(self, attempt: Attempt, _spec: Any, _log: Any) -> None:
        self.started.append((time.monotonic(), attempt))

    def begin(self, **more: Any) -> threading.Thread:
        nothing: Any = None
        attempt = Attempt(nothing, nothing, "t", 1, {}, {}, {}, **more)
        thread = threading.Thread(target=lambda: self.results.append(self.executor.run(attempt)), daemon=True)
        thread.start()
        return thread


def test_the_time_of_a_task_starts_when_it_gets_a_process(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    waiting = Waiting(monkeypatch, tmp_path)
    thread = waiting.begin(timeout=50.0)
    released = time.monotonic()
    waiting.executor._slots.release()
    thread.join(20)
    ((at, attempt),) = waiting.started
    assert attempt.limit is not None
    assert released + 50 <= attempt.limit.deadline <= at + 50
    assert attempt.limit.words == "`timeout_seconds` of 50 s"
    assert waiting.results == ["ended"]


def test_a_task_is_not_started_after_the_time_of_its_job(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    waiting = Waiting(monkeypatch, tmp_path)
    limit = Limit.after(0.01, "the job's `timeout_seconds`")
    waiting.begin(timeout=50.0, limit=limit).join(20)
    (result,) = waiting.results
    assert result.timed_out
    assert "was over before it started" in result.reason
    assert waiting.started == []


def test_a_task_that_waits_ends_with_the_run(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    waiting = Waiting(monkeypatch, tmp_path)
    thread = waiting.begin(timeout=50.0)
    waiting.cancelled.set()
    thread.join(20)
    (result,) = waiting.results
    assert not result.timed_out
    assert "interrupted before it started" in result.reason
