"""A process that does the imports once and forks one process for each task. Linux only; see ADR 0004.

`python -m lakewright.runner.process.fork_server <descriptor>`: the descriptor is a socket to the runner. A request is the
mark of a task, with the reading end of its standard input and the writing end of its output. The answers are JSON: `started`
with the pid, later `ended` with the exit code, or `refused` with the reason. The server reports the end of a task even during
an import. It takes requests between two imports, and ends when the runner closes the socket or ends.

It must have no other thread: a fork copies only the thread that forks.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import gc
import json
import os
import select
import signal
import socket
import sys
import traceback
from collections import deque
from pathlib import Path
from typing import NoReturn

from lakewright.mlflow_stores.redirection import redirection
from lakewright.runner.handover.programs import MARKER_PLACEHOLDER, MARKER_VARIABLE
from lakewright.runner.inside.task_process import load, modules_ahead, serve

TITLE = "lakewright-task"  # the kernel keeps fifteen characters
_DESCRIPTORS = 2
# Arrow's jemalloc stops this thread before a fork and restarts it in both processes.
_SURVIVES_A_FORK = "jemalloc_bg_thd"


class Server:
    """Imports the modules that tasks need, and forks whenever the runner asks."""

    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self._modules = deque(modules_ahead())
        self._children: set[int] = set()
        self._woken, self._wake = os.pipe()
        os.set_blocking(self._woken, False)
        os.set_blocking(self._wake, False)
        signal.set_wakeup_fd(self._wake, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: self._reap())

    def run(self) -> None:
        """Serve until the runner has ended."""
        while True:
            limit = 0 if self._modules else None
            ready, _, _ = select.select([self._control.fileno(), self._woken], [], [], limit)
            if self._woken in ready:  # a signal between the check and the wait: its handler runs now
                with contextlib.suppress(BlockingIOError):
                    os.read(self._woken, 1024)
            if self._control.fileno() in ready:
                marker, descriptors, _, _ = socket.recv_fds(self._control, 1024, _DESCRIPTORS)
                if not marker:
                    return
                self._start(marker.decode(), descriptors)
            elif self._modules:
                load(self._modules.popleft())

    def _start(self, marker: str, descriptors: list[int]) -> None:
        try:
            self._fork(marker, *descriptors)
        except OSError as error:  # too many processes or descriptors, or too little memory
            self._answer(refused=str(error), marker=marker)
        finally:
            for descriptor in descriptors:
                os.close(descriptor)

    def _fork(self, marker: str, given: int = -1, output: int = -1) -> None:
        if output < 0:
            raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))
        others = other_threads()
        if others:
            raise OSError(
                f"imported modules have started threads, which a fork would lose: {' '.join(others)}"
            )
        gc.freeze()  # a collection in the child would copy every page that it marks
        ready, done = os.pipe()
        try:
            pid = os.fork()
        except OSError:
            os.close(ready)
            os.close(done)
            raise
        if pid == 0:
            os.close(ready)
            self._task(marker, given, output, done)
        os.close(done)
        os.read(ready, 1)  # until then it has no group of its own, by which the runner would end it
        os.close(ready)
        self._answer(started=pid, marker=marker)
        self._children.add(pid)
        self._reap()

    def _task(self, marker: str, given: int, output: int, done: int) -> NoReturn:
        try:
            self._become_task(marker, given, output, done)
            serve()
        except BaseException:  # noqa: BLE001 - every error must reach the task's log
            traceback.print_exc()
        finally:
            with contextlib.suppress(Exception):
                sys.stderr.flush()
            os._exit(1)

    def _become_task(self, marker: str, given: int, output: int, done: int) -> None:
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
        # Without this every task would draw the same numbers; Python reseeds its own generator after a fork.
        if (numpy := sys.modules.get("numpy")) is not None:
            numpy.random.seed()
        os.close(done)

    def _reap(self) -> None:
        """Report each ended task once, even if a signal calls this method again while it runs."""
        for pid in tuple(self._children):
            try:
                found, status = os.waitpid(pid, os.WNOHANG)
            except ChildProcessError:
                continue
            if found:
                self._children.discard(pid)
                self._answer(ended=pid, code=os.waitstatus_to_exitcode(status))

    def _answer(self, **answer: object) -> None:
        with contextlib.suppress(OSError):  # the runner has ended; `run` sees the closed socket
            self._control.send(json.dumps(answer).encode())


def other_threads() -> list[str]:
    """Names of this process's threads besides the first, without the one that survives a fork."""
    own = str(os.getpid())
    tasks = [path for path in Path("/proc/self/task").iterdir() if path.name != own]
    names = [(path / "comm").read_text(encoding="utf-8").strip() for path in tasks]
    return [name for name in names if name != _SURVIVES_A_FORK]


def _carry(marker: str) -> None:
    """Put the mark into this process's environment, where its children inherit it and others can find it.

    `/proc/<pid>/environ` shows the environment with which the program started. The mark therefore overwrites the
    placeholder in that memory.
    """
    getenv = ctypes.CDLL(None).getenv
    getenv.restype = ctypes.c_void_p
    place = getenv(MARKER_VARIABLE.encode())
    if place and len(marker) == len(MARKER_PLACEHOLDER):
        ctypes.memmove(place, marker.encode(), len(marker))
    os.environ[MARKER_VARIABLE] = marker


def main() -> None:
    """Serve one runner."""
    redirection.install()  # MLflow may be imported before a task is known
    control = socket.socket(fileno=int(sys.argv[1]))
    control.set_inheritable(False)
    Server(control).run()
    os._exit(0)


if __name__ == "__main__":
    main()
