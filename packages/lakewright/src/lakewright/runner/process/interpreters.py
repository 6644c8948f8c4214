"""Processes of tasks: one for each attempt, forked or started ahead, ended with everything that they started."""

from __future__ import annotations

import contextlib
import os
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

from lakewright.runner.handover.task_spec import TaskSpec
from lakewright.runner.inside.task_process import COMMAND, MARKER
from lakewright.runner.process.fork_client import ForkedProcess, ForkServer, ForkServerError
from lakewright.runner.process.fork_server import PLACEHOLDER
from lakewright.runner.process.log_pump import LogPump
from lakewright.runner.record.redaction import Redactor

_TERM_GRACE = 2.0
_KILL_GRACE = 5.0
# One thread for each process: several tasks share two cores, and idle OpenMP threads that spin cost the most.
_THREADS = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS"), "1"
)
_CLOUD_PREFIXES = ("DATABRICKS_", "ARM_", "SPARK_REMOTE", "SPARK_CONNECT_", "PYSPARK_REMOTE", "MLFLOW_")


@dataclass(frozen=True)
class Ended:
    """How a process ended.

    Attributes:
        returncode: As `subprocess` gives it; negative for a signal.
        timed_out: Whether it was ended because its time was over.
        cancelled: Whether it was ended because the run was.
        left_behind: How many processes it had left running; they were ended too.
        orphaned: Whether it was ended because the process from which it was forked had gone.
        seconds: From the hand-over of the spec to the end.
    """

    returncode: int
    timed_out: bool = False
    cancelled: bool = False
    left_behind: int = 0
    orphaned: bool = False
    seconds: float = 0.0


@dataclass(frozen=True)
class Watch:
    """What surrounds a task's process while it runs.

    Attributes:
        log: Where its output goes.
        redactor: Takes the secrets out of it.
        cancelled: Set when the run is to end.
        deadline: Value of `time.monotonic()` at which the process is ended.
        spare: Processes that are never ended with the task (the engine, should it have been started there).
    """

    log: Path
    redactor: Redactor
    cancelled: threading.Event
    deadline: float | None = None
    spare: frozenset[int] = frozenset()


def base_environment(environ: Mapping[str, str], *, extra: Mapping[str, str]) -> dict[str, str]:
    """The environment of every task process, before what belongs to one task.

    Credentials and addresses of workspaces are removed: a local run contacts none. The profiles of
    `~/.databrickscfg` are credentials too; an empty file stands in its place.
    """
    kept = {name: value for name, value in environ.items() if not name.startswith(_CLOUD_PREFIXES)}
    fixed = {
        "DATABRICKS_CONFIG_FILE": os.devnull,
        "DBX_ENV": "local",
        "OMP_WAIT_POLICY": "PASSIVE",
        "PYTHONUNBUFFERED": "1",
        "PYTHONIOENCODING": "utf-8:backslashreplace",
        "PYTHONFAULTHANDLER": "1",
        "GIT_PYTHON_REFRESH": "quiet",
        "MLFLOW_DISABLE_TELEMETRY": "true",
    }
    return {**_THREADS, **kept, **fixed, **extra}


def spawn(
    marker: str, *, stdin: int, output: int, environment: Mapping[str, str], cwd: Path
) -> subprocess.Popen[bytes]:
    """Start an interpreter that does its own imports: where nothing can be forked."""
    return subprocess.Popen(
        COMMAND,
        stdin=stdin,
        stdout=output,
        stderr=output,
        cwd=cwd,
        env={**environment, MARKER: marker},
        start_new_session=True,
    )


class Start(Protocol):
    """Starts a process that waits for its task: its marker, what it reads from, what it prints to."""

    def __call__(self, marker: str, *, stdin: int, output: int) -> ForkedProcess | subprocess.Popen[bytes]:
        """Start it."""


class Interpreter:
    """A Python process that waits for its task on standard input.

    Args:
        start: Starts it.
    """

    def __init__(self, start: Start) -> None:
        given, self._input = os.pipe()
        self._output, output = os.pipe()
        name = secrets.token_hex(len(PLACEHOLDER) // 2)
        self.marker = f"{MARKER}={name}"
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

    def run(self, spec: TaskSpec, watch: Watch) -> Ended:
        """Hand the task over and wait for its end.

        Args:
            spec: The task.
            watch: Where its output goes, and what ends it.
        """
        started = time.monotonic()
        self._pump = LogPump(self._output, watch.log, watch.redactor)
        self._send(spec)
        timed_out = self._wait(watch.deadline, watch.cancelled)
        left = self.end(spare=watch.spare)
        self._pump.finish()
        return Ended(
            returncode=self._process.wait(),
            timed_out=timed_out,
            cancelled=watch.cancelled.is_set(),
            left_behind=left,
            orphaned=getattr(self._process, "orphaned", False),
            seconds=time.monotonic() - started,
        )

    def end(self, *, spare: frozenset[int] = frozenset()) -> int:
        """End the process and whatever it started; how many others were still there. Ended, it stays alone."""
        with self._lock:
            if self._ended:
                return 0
            self._ended = True
            running = self._process.poll() is None
            if running:
                _signal_group(self.pid, signal.SIGTERM)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    self._process.wait(_TERM_GRACE)
                _signal_group(self.pid, signal.SIGKILL)
                self._await_kill()
            left = _descendants(self.marker, self.pid, spare)
            _signal_group(self.pid, signal.SIGKILL)
            for pid in left:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(pid, signal.SIGKILL)
            self._close()
            return 0 if running else len(left)

    def _await_kill(self) -> None:
        """Wait for the end of a killed process; a fork server that hangs must not keep its end a secret."""
        try:
            self._process.wait(_KILL_GRACE)
        except subprocess.TimeoutExpired:
            if isinstance(self._process, ForkedProcess):
                self._process.end(-signal.SIGKILL)
            self._process.wait()

    def _send(self, spec: TaskSpec) -> None:
        line = memoryview(spec.to_json().encode() + b"\n")
        # A process that died on its imports breaks the pipe; its return code and its log say why.
        with contextlib.suppress(OSError):
            while line:
                line = line[os.write(self._input, line) :]

    def _wait(self, deadline: float | None, cancelled: threading.Event) -> bool:
        while not cancelled.is_set():
            left = None if deadline is None else deadline - time.monotonic()
            if left is not None and left <= 0:
                return True
            try:
                self._process.wait(min(0.25, left) if left is not None else 0.25)
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


class Guard:
    """The process that ends the tasks should this one be killed; see `lakewright.runner.process.guard`."""

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
        """Take a group of processes into its care."""
        self._say(f"+{group} {marker}")

    def forget(self, group: int) -> None:
        """Tell it that a group has ended."""
        self._say(f"-{group}")

    def close(self) -> None:
        """End it; there is nothing left to end."""
        self._say(".")
        if self._process.stdin is not None:
            with contextlib.suppress(OSError):
                self._process.stdin.close()
        self._process.wait()

    def _say(self, line: str) -> None:
        assert self._process.stdin is not None
        # Without its guard a run still works; only a kill of the runner is then less tidy.
        with self._lock, contextlib.suppress(OSError, ValueError):
            self._process.stdin.write(line.encode() + b"\n")
            self._process.stdin.flush()


class Interpreters:
    """Hands out interpreters, each for one task: forks them, or starts the next one ahead.

    Args:
        environment: See `base_environment`.
        cwd: Where they start; each task then changes into its own folder.
        forks: Whether one process does the imports for all of them; not on macOS, whose own libraries forbid it.
    """

    def __init__(
        self,
        environment: Mapping[str, str],
        *,
        cwd: Path,
        forks: bool = sys.platform == "linux",
    ) -> None:
        self._spawn = partial(spawn, environment=environment, cwd=cwd)
        self._server = _fork_server(environment, cwd) if forks else None
        self._starter = ThreadPoolExecutor(max_workers=1, thread_name_prefix="interpreters")
        self._next: Future[Interpreter] | None = None
        self._all: set[Interpreter] = set()
        self._guard = Guard()
        self._lock = threading.Lock()
        self._closed = False

    def warm(self) -> None:
        """Start one ahead, unless one is waiting already, or can be forked when it is wanted."""
        with self._lock:
            forks = self._server is not None and self._server.usable
            if not forks and not self._closed and self._next is None:
                self._next = self._starter.submit(self._start)

    def take(self) -> Interpreter:
        """An interpreter that is ready, or about to be."""
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
        """Forget one that has ended."""
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
            # Gone, or unable to: this one is started in the ordinary way, and those that run there are left in peace.
            with contextlib.suppress(ForkServerError):
                return Interpreter(self._server.start)
        return Interpreter(self._spawn)


def _fork_server(environment: Mapping[str, str], cwd: Path) -> ForkServer | None:
    try:
        return ForkServer(environment, cwd=cwd)
    except OSError:
        return None


def _signal_group(group: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)


def _descendants(marker: str, group: int, spare: frozenset[int]) -> list[int]:
    """Processes that carry a task's marker or are in its group, also those that left it by a session of their own.

    Where there is no `/proc` (macOS) only the group can be ended, and it is not counted.
    """
    found: list[int] = []
    for entry in Path("/proc").glob("[0-9]*"):
        pid = int(entry.name)
        with contextlib.suppress(OSError):
            if pid in spare or pid == os.getpid() or _is_zombie(entry):
                continue
            if os.getpgid(pid) == group or marker.encode() in (entry / "environ").read_bytes().split(b"\0"):
                found.append(pid)
    return found


def _is_zombie(entry: Path) -> bool:
    return (entry / "stat").read_bytes().rsplit(b")", 1)[-1].split()[0] == b"Z"
