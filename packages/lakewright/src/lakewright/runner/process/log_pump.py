"""Copies the output of a task's process into its log: removes secrets, limits the size, uses constant memory."""

from __future__ import annotations

import os
import select
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from lakewright.runner.handover.redactor import Redactor

_CHUNK = 64 * 1024
HEAD_BYTES = 8 * 1024 * 1024
TAIL_BYTES = 1024 * 1024
_GRACE = 1.0
_LOOK_MILLISECONDS = 100


class LogPump:
    """Copies what a process prints into a file: the first 8 MiB and the last 1 MiB of it.

    The thread ends when every writer has closed the pipe, or shortly after `finish`: the run does not wait for child
    processes that outlive their task.

    Args:
        descriptor: The reading end of the pipe; closed at the end.
        path: The log file.
        redactor: Removes secrets.
        head: Bytes to keep from the start of the output.
        tail: Bytes to keep from its end.
    """

    def __init__(
        self,
        descriptor: int,
        path: Path,
        redactor: Redactor,
        *,
        head: int = HEAD_BYTES,
        tail: int = TAIL_BYTES,
    ) -> None:
        self.path = path
        self.total = 0
        self._descriptor = descriptor
        self._redactor = redactor
        self._head, self._tail_size = head, tail
        self._tail = bytearray()
        self._held = b""
        self._ending = threading.Event()
        self._error: OSError | None = None
        self._thread = threading.Thread(target=self._run, name=f"log {path.name}", daemon=True)
        self._thread.start()

    @property
    def error(self) -> OSError | None:
        """Why the log could not be written, for example a full disk; None if it was written."""
        return self._error

    def finish(self) -> None:
        """Copy the rest of the pipe and close the file."""
        self._ending.set()
        self._thread.join()

    def _run(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with self.path.open("wb", buffering=0) as stream:
                for chunk in self._chunks():
                    self._write(stream.write, self._released(chunk))
                self._write(stream.write, self._redactor.data(self._held))
                self._close(stream.write)
        except OSError as error:
            self._error = error
            for _ in self._chunks():  # the task must not block on a full pipe
                pass
        finally:
            os.close(self._descriptor)

    def _chunks(self) -> Iterator[bytes]:
        return _chunks_of(self._descriptor, self._ending)

    def _released(self, chunk: bytes) -> bytes:
        data = self._held + chunk
        clean = self._redactor.data(data)
        keep = min(self._redactor.overlap, len(clean))
        cut = len(clean) - keep
        self._held = clean[cut:]
        return clean[:cut]

    def _write(self, write: Callable[[bytes], object], data: bytes) -> None:
        room = max(self._head - self.total, 0)
        self.total += len(data)
        if room:
            write(data[:room])
        if len(data) > room:
            self._tail += data[room:]
            if len(self._tail) > 2 * self._tail_size:
                del self._tail[: -self._tail_size]

    def _close(self, write: Callable[[bytes], object]) -> None:
        if self.total <= self._head:
            return
        tail = bytes(self._tail[-self._tail_size :])
        missing = self.total - self._head - len(tail)
        if missing > 0:
            write(f"\n[… {missing:,} bytes left out: a log keeps its start and its end …]\n".encode())
        write(tail)


def _chunks_of(descriptor: int, ending: threading.Event) -> Iterator[bytes]:
    deadline: float | None = None
    waiting = select.poll()  # `select` refuses descriptors above 1023
    waiting.register(descriptor, select.POLLIN)
    while True:
        ready = waiting.poll(_LOOK_MILLISECONDS)
        if ready:
            chunk = os.read(descriptor, _CHUNK)
            if not chunk:
                return
            yield chunk
        if ending.is_set():
            deadline = deadline or time.monotonic() + _GRACE
            if not ready or time.monotonic() > deadline:
                return
