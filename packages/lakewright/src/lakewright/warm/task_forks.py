"""Tasks as processes that the warm process forks: the runner asks for them and receives their exit codes."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import threading
from collections.abc import Iterable, Mapping
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from lakewright.warm.client import LARGEST_ANSWER, ask_to_fork, attach, start_server
from lakewright.warm.place import WarmPlace
from lakewright.warm.program import Program

# A server that imports a large module answers after it.
_WELCOME_SECONDS = 2.0
_ANSWER_SECONDS = 60.0
_END_SECONDS = 5.0


class ForkServerError(RuntimeError):
    """Raised when the warm process starts no process; the caller then starts one without it."""


class ForkedProcess:
    """A task's process that the server started; has the methods of `subprocess.Popen` that the runner uses.

    Attributes:
        orphaned: Whether it was killed because the server had ended and could no longer report its exit.
    """

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.orphaned = False
        self.returncode: int | None = None
        self._ended = threading.Event()

    def poll(self) -> int | None:
        """Its exit code, negative for a signal; None while it runs."""
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end.

        Raises:
            subprocess.TimeoutExpired: It still runs.
        """
        if not self._ended.wait(timeout) or self.returncode is None:
            raise subprocess.TimeoutExpired(f"process {self.pid}", timeout or 0.0)
        return self.returncode

    def end(self, code: int) -> None:
        """Set its exit code; the first one counts."""
        if self.returncode is None:
            self.returncode = code
        self._ended.set()

    def lose(self) -> None:
        """Kill it, because the server has ended."""
        self.orphaned = True
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
        self.end(-signal.SIGKILL)


class ForkServer:
    """The warm process of a project, as the runner uses it: attached to, or started.

    Args:
        project: The project's root, absolute.
        environment: The environment of every process that it starts.
        cwd: Their working folder.
        modules: What it imports ahead.
        function: What they run, as `module:name`.
    """

    def __init__(
        self,
        project: Path,
        environment: Mapping[str, str],
        *,
        cwd: Path,
        modules: Iterable[str] = (),
        function: str = "lakewright.runner.inside.task_process:serve",
    ) -> None:
        place = WarmPlace(project)
        modules = tuple(modules)
        self._process: subprocess.Popen[bytes] | None = None
        try:
            self._socket = attach(place, environment, modules, _WELCOME_SECONDS)
        except (OSError, ValueError):
            self._socket, self._process = start_server(place, environment, modules)
        umask = os.umask(0o077)
        os.umask(umask)
        self._program = Program(function, environment, str(cwd), umask)
        self._asked: dict[str, Future[ForkedProcess]] = {}
        self._running: dict[int, ForkedProcess] = {}
        self._gone = self._refuses = False
        self._lock = threading.Lock()
        self._stays: Future[bool] = Future()
        self._listener = threading.Thread(target=self._listen, name="fork server", daemon=True)
        self._listener.start()

    @property
    def usable(self) -> bool:
        """Whether the next start is likely to succeed."""
        return not self._gone and not self._refuses

    def start(self, marker: str, *, stdin: int, output: int) -> ForkedProcess:
        """Start a process; it is the leader of a session of its own.

        Args:
            marker: As long as `MARKER_PLACEHOLDER`; the process and what it starts carry it.
            stdin: Descriptor that it reads from.
            output: Descriptor that it prints to.

        Raises:
            ForkServerError: The server has ended, refuses, or does not answer. A process that it starts too late ends
                at once, because its standard input is closed.
        """
        answer: Future[ForkedProcess] = Future()
        with self._lock:
            if self._gone:
                raise ForkServerError("the fork server has ended")
            self._asked[marker] = answer
        try:
            with ask_to_fork(self._socket, marker, (stdin, output, output)) as pipe:
                process = answer.result(_ANSWER_SECONDS)
                self._program.send(pipe.fileno())
            return process  # noqa: TRY300 - a broken pipe is an error, too
        except (OSError, TimeoutError) as error:
            with self._lock:
                self._asked.pop(marker, None)
            raise ForkServerError(str(error) or "the fork server does not answer") from error

    def close(self) -> None:
        """Leave the server, and wait for its end if nobody needs it. Processes that still run go on; the caller ends them."""
        stays = False
        with contextlib.suppress(OSError, TimeoutError):
            self._socket.send(json.dumps({"ask": "leaving"}).encode())
            stays = self._stays.result(_END_SECONDS)
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._listener.join()
        self._socket.close()
        if self._process is not None and not stays:
            self._end(self._process)

    @staticmethod
    def _end(process: subprocess.Popen[bytes]) -> None:
        try:
            process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:  # in the middle of an import
            process.kill()
            process.wait()

    def _listen(self) -> None:
        try:
            while answer := self._receive():
                self._take_in(json.loads(answer))
        finally:
            self._lose()

    def _receive(self) -> bytes:
        try:
            return self._socket.recv(LARGEST_ANSWER)
        except OSError:
            return b""

    def _take_in(self, answer: Mapping[str, Any]) -> None:
        with self._lock:
            asked = self._asked.pop(answer.get("marker", ""), None)
            if "started" in answer:
                self._refuses = False
                process = self._running[answer["started"]] = ForkedProcess(answer["started"])
                if asked is not None:
                    asked.set_result(process)
            elif "refused" in answer:
                self._refuses = True
                if asked is not None:
                    asked.set_exception(ForkServerError(answer["refused"]))
            elif "ended" in answer:
                self._running.pop(answer["ended"]).end(answer["code"])
            elif "stays" in answer:
                self._stays.set_result(answer["stays"])

    def _lose(self) -> None:
        """Kill the processes of a server that has ended: nobody would report their exit."""
        with self._lock:
            self._gone = True
            asked, self._asked = self._asked, {}
            running, self._running = self._running, {}
        if not self._stays.done():
            self._stays.set_result(False)
        for answer in asked.values():
            answer.set_exception(ForkServerError("the fork server ended before it had started the process"))
        for process in running.values():
            process.lose()
