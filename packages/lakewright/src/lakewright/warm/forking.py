"""Forks a process, and makes it the leader of a session with its own streams and mark."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from lakewright.warm.marker import MARKER_PLACEHOLDER, MARKER_VARIABLE
from lakewright.warm.program import Program

TITLE = "lakewright-task"  # the kernel keeps fifteen characters
# Arrow's jemalloc stops this thread before a fork and restarts it in both processes.
_SURVIVES_A_FORK = "jemalloc_bg_thd"


class Forked(BaseException):
    """Raised in the new process, so that it leaves the server's loop.

    Attributes:
        program: What it is to be.
    """

    def __init__(self, program: Program) -> None:
        super().__init__(program.function)
        self.program = program


def fork(marker: str, descriptors: list[int], leave: Callable[[], None]) -> int:
    """Fork a process and return its id.

    Args:
        marker: Its mark.
        descriptors: Its standard input, output and error, and the pipe that brings its `Program`.
        leave: Closes, in the new process, what belongs to the server.

    Raises:
        OSError: This process has threads, which a fork would lose; or the system refuses.
        Forked: In the new process.
    """
    others = other_threads()
    if others:
        raise OSError(f"imported modules have started threads, which a fork would lose: {' '.join(others)}")
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
        os.setsid()
        os.close(done)
        leave()
        raise Forked(_become(marker, descriptors))
    os.close(done)
    os.read(ready, 1)  # until then it has no group of its own, by which it can be ended
    os.close(ready)
    return pid


def other_threads() -> list[str]:
    """Names of this process's threads besides the first, without the one that survives a fork."""
    own = str(os.getpid())
    tasks = [path for path in Path("/proc/self/task").iterdir() if path.name != own]
    names = [(path / "comm").read_text(encoding="utf-8").strip() for path in tasks]
    return [name for name in names if name != _SURVIVES_A_FORK]


def _become(marker: str, descriptors: list[int]) -> Program:
    """Take over the streams, the mark and the environment of a program."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    *streams, request = descriptors
    for standard, descriptor in enumerate(streams):
        os.dup2(descriptor, standard)
    program = Program.receive(request)
    if program is None:
        os._exit(0)
    for descriptor in descriptors:
        os.close(descriptor)
    _carry(marker)
    program.prepare()
    os.environ[MARKER_VARIABLE] = marker
    with contextlib.suppress(OSError):
        Path("/proc/self/comm").write_text(TITLE, encoding="ascii")
    # Without this every process would draw the same numbers; Python reseeds its own generator after a fork.
    if (numpy := sys.modules.get("numpy")) is not None:
        numpy.random.seed()
    return program


def _carry(marker: str) -> None:
    """Put the mark where others can find it.

    `/proc/<pid>/environ` shows the environment with which the program started. The mark therefore overwrites the
    placeholder in that memory.
    """
    getenv = ctypes.CDLL(None).getenv
    getenv.restype = ctypes.c_void_p
    place = getenv(MARKER_VARIABLE.encode())
    if place and len(marker) == len(MARKER_PLACEHOLDER):
        ctypes.memmove(place, marker.encode(), len(marker))
