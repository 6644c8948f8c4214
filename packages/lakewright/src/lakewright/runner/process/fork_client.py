"""The runner's side of the fork server: requests processes and receives their exit codes."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from lakewright.runner.handover.programs import MARKER_PLACEHOLDER, MARKER_VARIABLE

_ANSWER_SECONDS = 60.0
_END_SECONDS = 5.0


class ForkServerError(RuntimeError):
    """Raised when the fork server starts no process; the caller then starts one without it."""


class ForkedProcess:
    """A task's process that the fork server started; has the methods of `subprocess.Popen` that the runner uses.

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
    """Starts processes whose imports are done; see `lakewright.runner.process.fork_server`.

    Args:
        environment: The environment of every process that it starts.
        cwd: Its working folder; its own output goes to `fork_server.log` there.
    """

    def __init__(self, environment: Mapping[str, str], *, cwd: Path) -> None:
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs, (cwd / "fork_server.log").open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "lakewright.runner.process.fork_server", str(theirs.fileno())],
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=cwd,
                env={**environment, MARKER_VARIABLE: MARKER_PLACEHOLDER},
                start_new_session=True,
            )
        self._asked: dict[str, Future[ForkedProcess]] = {}
        self._running: dict[int, ForkedProcess] = {}
        self._gone = self._refuses = False
        self._lock = threading.Lock()
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
            socket.send_fds(self._socket, [marker.encode()], [stdin, output])
            return answer.result(_ANSWER_SECONDS)
        except (OSError, TimeoutError) as error:
            with self._lock:
                self._asked.pop(marker, None)
            raise ForkServerError(str(error) or "the fork server does not answer") from error

    def close(self) -> None:
        """End the server. Processes that still run go on; the caller ends them."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        try:
            self._process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:  # in the middle of an import
            self._process.kill()
            self._process.wait()
        self._listener.join()
        self._socket.close()

    def _listen(self) -> None:
        try:
            while answer := self._receive():
                self._take_in(json.loads(answer))
        finally:
            self._lose()

    def _receive(self) -> bytes:
        try:
            return self._socket.recv(1024)
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

    def _lose(self) -> None:
        """Kill the processes of a server that has ended: nobody would report their exit."""
        with self._lock:
            self._gone = True
            asked, self._asked = self._asked, {}
            running, self._running = self._running, {}
        for answer in asked.values():
            answer.set_exception(ForkServerError("the fork server ended before it had started the process"))
        for process in running.values():
            process.lose()
