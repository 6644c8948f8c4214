"""A Python process that waits for one task and runs it; it is ended together with every process that it started."""

from __future__ import annotations

import contextlib
import os
import secrets
import signal
import subprocess
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from lakewright.runner.handover.programs import TASK_COMMAND
from lakewright.runner.handover.redactor import Redactor
from lakewright.runner.handover.task_spec import TaskSpec
from lakewright.runner.process.log_pump import LogPump
from lakewright.runner.process.process_tree import descendants, kill, signal_group
from lakewright.warm.marker import MARKER_PLACEHOLDER, MARKER_VARIABLE
from lakewright.warm.task_forks import ForkedProcess

_TERM_GRACE = 2.0
_KILL_GRACE = 5.0
_CHECK_SECONDS = 0.25


@dataclass(frozen=True)
class ProcessExit:
    """How a process ended.

    Attributes:
        returncode: The exit code; negative for a signal.
        timed_out: Whether it was ended at its deadline.
        cancelled: Whether it was ended because the run was cancelled.
        left_behind: How many processes it left running; they were ended too.
        orphaned: Whether it was killed because the fork server had ended.
        seconds: From sending the spec to the exit.
    """

    returncode: int
    timed_out: bool = False
    cancelled: bool = False
    left_behind: int = 0
    orphaned: bool = False
    seconds: float = 0.0


@dataclass(frozen=True)
class Watch:
    """Log, limits and exceptions for a task's process while it runs.

    Attributes:
        log: The file for its output.
        redactor: Removes secrets from it.
        cancelled: Is set when the run must end.
        deadline: Value of `time.monotonic()` at which the process is ended; None for no limit.
        spare: Processes to keep when the task ends, such as an engine that it started.
    """

    log: Path
    redactor: Redactor
    cancelled: threading.Event
    deadline: float | None = None
    spare: frozenset[int] = frozenset()


class Start(Protocol):
    """Starts a process that waits for its task."""

    def __call__(self, marker: str, *, stdin: int, output: int) -> ForkedProcess | subprocess.Popen[bytes]:
        """Start it with its mark, the descriptor that it reads from, and the one that it prints to."""


def spawn(
    marker: str, *, stdin: int, output: int, environment: Mapping[str, str], cwd: Path
) -> subprocess.Popen[bytes]:
    """Start an interpreter that does its own imports: where nothing can be forked."""
    return subprocess.Popen(
        TASK_COMMAND,
        stdin=stdin,
        stdout=output,
        stderr=output,
        cwd=cwd,
        env={**environment, MARKER_VARIABLE: marker},
        start_new_session=True,
    )


class Interpreter:
    """A process that waits for its task on standard input.

    Args:
        start: Starts it.
    """

    def __init__(self, start: Start) -> None:
        given, self._input = os.pipe()
        self._output, output = os.pipe()
        name = secrets.token_hex(len(MARKER_PLACEHOLDER) // 2)
        self.marker = f"{MARKER_VARIABLE}={name}"
        try:
            self._process = start(name, stdin=given, output=output)
        except BaseException:
            os.close(self._input)
            os.close(self._output)
            raise
        finally:
            os.close(given)
            os.close(output)
        self._pump: LogPump | None = None
        self._ended = False
        self._lock = threading.Lock()

    @property
    def pid(self) -> int:
        """Process id, which is also the id of its process group."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        return self._process.poll() is None

    def run(self, spec: TaskSpec, watch: Watch) -> ProcessExit:
        """Send the task to the process and wait for the exit.

        Args:
            spec: The task.
            watch: Log and limits.
        """
        started = time.monotonic()
        self._pump = LogPump(self._output, watch.log, watch.redactor)
        self._send(spec)
        timed_out = self._wait(watch.deadline, watch.cancelled)
        left = self.end(spare=watch.spare)
        self._pump.finish()
        return ProcessExit(
            returncode=self._process.wait(),
            timed_out=timed_out,
            cancelled=watch.cancelled.is_set(),
            left_behind=left,
            orphaned=isinstance(self._process, ForkedProcess) and self._process.orphaned,
            seconds=time.monotonic() - started,
        )

    def end(self, *, spare: frozenset[int] = frozenset()) -> int:
        """End the process and its children. Return how many processes it left behind; a second call does nothing."""
        with self._lock:
            if self._ended:
                return 0
            self._ended = True
            running = self._process.poll() is None
            if running:
                signal_group(self.pid, signal.SIGTERM)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    self._process.wait(_TERM_GRACE)
                signal_group(self.pid, signal.SIGKILL)
                self._await_kill()
            left = descendants(self.marker, self.pid, spare)
            signal_group(self.pid, signal.SIGKILL)
            for pid in left:
                kill(pid)
            self._close()
            return 0 if running else len(left)

    def _await_kill(self) -> None:
        """Wait for the exit of a killed process; give up if a hanging fork server does not report it."""
        try:
            self._process.wait(_KILL_GRACE)
        except subprocess.TimeoutExpired:
            if isinstance(self._process, ForkedProcess):
                self._process.end(-signal.SIGKILL)
            self._process.wait()

    def _send(self, spec: TaskSpec) -> None:
        line = memoryview(spec.to_json().encode() + b"\n")
        # A process that died during its imports breaks the pipe; its exit code and log show why.
        with contextlib.suppress(OSError):
            while line:
                line = line[os.write(self._input, line) :]

    def _wait(self, deadline: float | None, cancelled: threading.Event) -> bool:
        """Wait until the process ends, the run is cancelled or the time is over; whether the time was over."""
        while not cancelled.is_set():
            left = None if deadline is None else deadline - time.monotonic()
            if left is not None and left <= 0:
                return True
            try:
                self._process.wait(min(_CHECK_SECONDS, left) if left is not None else _CHECK_SECONDS)
            except subprocess.TimeoutExpired:
                continue
            return False
        return False

    def _close(self) -> None:
        if self._input >= 0:
            os.close(self._input)
            self._input = -1
        if self._pump is None and self._output >= 0:
            os.close(self._output)
            self._output = -1
