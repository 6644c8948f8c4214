"""Provides an interpreter for each task: forked from the warm process, or started ahead."""

from __future__ import annotations

import contextlib
import sys
import threading
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path

from lakewright.runner.handover.programs import PRELOAD_VARIABLE
from lakewright.runner.process.guard_client import Guard
from lakewright.runner.process.interpreter import Interpreter, spawn
from lakewright.warm.task_forks import ForkServer, ForkServerError


class Interpreters:
    """The interpreters of one run.

    Args:
        environment: See `base_environment`.
        cwd: The folder in which they start; each task then changes into its own.
        project: The project's root, absolute; its warm process forks them.
        forks: Whether to fork them; not on macOS, whose libraries do not survive a fork.
    """

    def __init__(
        self,
        environment: Mapping[str, str],
        *,
        cwd: Path,
        project: Path,
        forks: bool = sys.platform == "linux",
    ) -> None:
        self._spawn = partial(spawn, environment=environment, cwd=cwd)
        self._server = _fork_server(environment, cwd, project) if forks else None
        self._starter = ThreadPoolExecutor(max_workers=1, thread_name_prefix="interpreters")
        self._next: Future[Interpreter] | None = None
        self._all: set[Interpreter] = set()
        self._guard = Guard()
        self._lock = threading.Lock()
        self._closed = False

    def warm(self) -> None:
        """Start one ahead, unless one is already waiting or the fork server can provide one at once."""
        with self._lock:
            forks = self._server is not None and self._server.usable
            if not forks and not self._closed and self._next is None:
                self._next = self._starter.submit(self._start)

    def take(self) -> Interpreter:
        """Return an interpreter; wait for its start if none is ready."""
        with self._lock:
            future, self._next = self._next, None
            if future is None:
                future = self._starter.submit(self._start)
        interpreter = future.result()
        if not interpreter.alive:
            self.release(interpreter)
            interpreter = self._starter.submit(self._start).result()
        return interpreter

    def release(self, interpreter: Interpreter) -> None:
        """End an interpreter and forget it."""
        interpreter.end()
        self._guard.forget(interpreter.pid)
        with self._lock:
            self._all.discard(interpreter)

    def close(self) -> None:
        """End every process that is left."""
        with self._lock:
            self._closed = True
            waiting = self._next
            self._next = None
        if waiting is not None:
            with contextlib.suppress(Exception):
                waiting.result()
        with self._lock:
            left = list(self._all)
        for interpreter in left:
            self.release(interpreter)
        self._starter.shutdown()
        if self._server is not None:
            self._server.close()
        self._guard.close()

    def _start(self) -> Interpreter:
        interpreter = self._new()
        self._guard.watch(interpreter.pid, interpreter.marker)
        with self._lock:
            self._all.add(interpreter)
        return interpreter

    def _new(self) -> Interpreter:
        if self._server is not None:
            # If the server cannot fork, this task starts without it; other tasks go on.
            with contextlib.suppress(ForkServerError):
                return Interpreter(self._server.start)
        return Interpreter(self._spawn)


def _fork_server(environment: Mapping[str, str], cwd: Path, project: Path) -> ForkServer | None:
    modules = environment.get(PRELOAD_VARIABLE, "").split()
    try:
        return ForkServer(project, environment, cwd=cwd, modules=modules)
    except OSError:
        return None
