"""Allows one run of a project at a time: a file lock, and a note with the run that holds it."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lakewright.engine import locks
from lakewright.runner.errors import RunnerError


class RunInProgressError(RunnerError, RuntimeError):
    """Raised when a run of this project is under way."""


@dataclass(frozen=True)
class RunLock:
    """The lock of a project's runs; the operating system releases it when its process ends.

    Attributes:
        state: The project's `.lakewright` folder.
    """

    state: Path

    @contextlib.contextmanager
    def held(self) -> Iterator[RunLock]:
        """Hold the lock for the length of a block.

        Raises:
            RunInProgressError: Another process holds it; the message has its pid and its run.
        """
        with locks.exclusive(self._lock, timeout=0) as held:
            if not held:
                raise self._in_progress()
            self._note.write_text(json.dumps({"pid": os.getpid()}), encoding="utf-8")
            try:
                yield self
            finally:
                self._note.unlink(missing_ok=True)

    def name_run(self, run_id: str) -> None:
        """Note which run holds the lock."""
        self._note.write_text(json.dumps({"pid": os.getpid(), "run_id": run_id}), encoding="utf-8")

    def refuse_if_held(self) -> None:
        """Refuse if a run of this project is under way.

        Raises:
            RunInProgressError: A run of this project is under way.
        """
        if locks.holder(self._lock) is not None:
            raise self._in_progress()

    @property
    def _lock(self) -> Path:
        return self.state / "run.lock"

    @property
    def _note(self) -> Path:
        return self.state / "run.json"

    def _in_progress(self) -> RunInProgressError:
        pid = locks.holder(self._lock)  # None if the run has just ended, 0 if the system does not know
        process = [f"process {pid}"] if pid else []
        with contextlib.suppress(OSError, ValueError, KeyError):
            process.insert(0, f"run {json.loads(self._note.read_text(encoding='utf-8'))['run_id']}")
        return RunInProgressError(
            "a run of this project is under way",
            detail=", ".join(process) or None,
            location=str(self._lock),
            fix=f"wait for it, or end it: kill {pid}"
            if pid
            else f"wait for it, or find it: lsof {self._lock}",
        )
