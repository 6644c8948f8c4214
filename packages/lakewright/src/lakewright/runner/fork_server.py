"""A process that does the imports once, and forks one process for each task. Linux only; see ADR 0004.

`python -m lakewright.runner.fork_server <descriptor>`: the descriptor is a socket to the runner. A request is the marker of a
task, with the reading end of its standard input and the writing end of its output; the answers are JSON: `started` with the
pid, later `ended` with the exit code. It ends when the runner closes the socket, or is gone.

It must have no thread but its own: a fork takes along only the thread that forks.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import json
import os
import select
import signal
import socket
import sys
from collections import deque
from pathlib import Path

from lakewright.runner.task_process import MARKER, load, modules_ahead, serve

TITLE = "lakewright-task"  # the kernel keeps fifteen characters
PLACEHOLDER = "0" * 32
_DESCRIPTORS = 2


class Server:
    """Imports what is wanted ahead, and forks in between whenever it is asked to."""

    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self._modules = deque(modules_ahead())
        self._woken, self._wake = os.pipe()
        os.set_blocking(self._woken, False)
        os.set_blocking(self._wake, False)
        signal.set_wakeup_fd(self._wake, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)

    def run(self) -> None:
        """Serve until the runner is gone."""
        while True:
            limit = 0 if self._modules else None
            ready, _, _ = select.select([self._control.fileno(), self._woken], [], [], limit)
            if self._woken in ready:
                with contextlib.suppress(BlockingIOError):
                    os.read(self._woken, 1024)
                self._reap()
            if self._control.fileno() in ready:
                marker, descriptors, _, _ = socket.recv_fds(self._control, 1024, _DESCRIPTORS)
                if not marker:
                    return
                self._start(marker.decode(), *descriptors)
            elif self._modules:
                load(self._modules.popleft())

    def _start(self, marker: str, given: int, output: int) -> None:
        ready, tell = os.pipe()
        gc.freeze()  # a collection in the child would copy every page that it marks
        pid = os.fork()
        if pid == 0:
            os.close(ready)
            try:
                self._become_task(marker, given, output, tell)
                serve()
            finally:
                os._exit(1)
        for descriptor in (tell, given, output):
            os.close(descriptor)
        os.read(ready, 1)  # until then it has no group of its own, by which the runner would end it
        os.close(ready)
        self._say(started=pid, marker=marker)

    def _become_task(self, marker: str, given: int, output: int, tell: int) -> None:
        os.setsid()
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for descriptor, standard in ((given, 0), (output, 1), (output, 2)):
            os.dup2(descriptor, standard)
        for descriptor in (given, output, self._woken, self._wake):
            os.close(descriptor)
        self._control.close()
        _carry(marker)
        with contextlib.suppress(OSError):
            Path("/proc/self/comm").write_text(TITLE, encoding="ascii")
        numpy = sys.modules.get("numpy")
        if (
            numpy is not None
        ):  # Python's own generator does it by itself; else every task would draw the same numbers
            numpy.random.seed()
        os.close(tell)

    def _reap(self) -> None:
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if not pid:
                return
            self._say(ended=pid, code=os.waitstatus_to_exitcode(status))

    def _say(self, **answer: object) -> None:
        with contextlib.suppress(OSError):  # the runner is gone: the next look at the socket tells
            self._control.send(json.dumps(answer).encode())


def _carry(marker: str) -> None:
    """Let this process carry its marker: for the processes it starts, and where others look for it.

    `/proc/<pid>/environ` shows the memory that the first program of this process was started with, so the marker is written
    over the placeholder there.
    """
    getenv = ctypes.CDLL(None).getenv
    getenv.restype = ctypes.c_void_p
    place = getenv(MARKER.encode())
    if place and len(marker) == len(PLACEHOLDER):
        ctypes.memmove(place, marker.encode(), len(marker))
    os.environ[MARKER] = marker


def main() -> None:
    """Serve one runner."""
    control = socket.socket(fileno=int(sys.argv[1]))
    control.set_inheritable(False)
    Server(control).run()
    os._exit(0)


if __name__ == "__main__":
    main()
