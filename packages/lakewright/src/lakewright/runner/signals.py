"""Ctrl-C and SIGTERM during a run."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator
from types import FrameType


@contextlib.contextmanager
def interruptible(cancelled: threading.Event) -> Iterator[None]:
    """Set `cancelled` at the first SIGINT or SIGTERM; a second one raises KeyboardInterrupt.

    Only the main thread may set signal handlers; in another thread nothing changes.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def handle(number: int, frame: FrameType | None) -> None:
        del frame
        if cancelled.is_set():
            raise KeyboardInterrupt(number)
        cancelled.set()

    before = {number: signal.signal(number, handle) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, previous in before.items():
            signal.signal(number, previous)
