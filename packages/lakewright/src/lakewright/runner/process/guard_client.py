"""The runner's side of the guard: starts it and tells it which processes to end."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import threading
from pathlib import Path


class Guard:
    """The process that ends the tasks if this one is killed; its program is `guard.py`."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", str(Path(__file__).with_name("guard.py"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._lock = threading.Lock()

    def watch(self, group: int, marker: str) -> None:
        """Add a process group, and the processes that carry its mark."""
        self._send(f"+{group} {marker}")

    def forget(self, group: int) -> None:
        """Remove a group that has ended."""
        self._send(f"-{group}")

    def close(self) -> None:
        """End it; no task is left."""
        self._send(".")
        if self._process.stdin is not None:
            with contextlib.suppress(OSError):
                self._process.stdin.close()
        self._process.wait()

    def _send(self, line: str) -> None:
        assert self._process.stdin is not None
        # Without its guard a run still works; only killing the runner would leave processes behind.
        with self._lock, contextlib.suppress(OSError, ValueError):
            self._process.stdin.write(line.encode() + b"\n")
            self._process.stdin.flush()
