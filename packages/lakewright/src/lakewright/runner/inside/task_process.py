"""The process of one task: waits for its spec on standard input, runs it, and ends.

Forked by `lakewright.warm.server`, or, where nothing can be forked, started by `python -m`; then it does its imports first.
It ends when the runner ends: its standard input is closed then. Where its code is too busy to notice, `process/guard.py`
ends it.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import signal
import sys
import threading

from lakewright.mlflow_stores.redirection import redirection
from lakewright.runner.handover.programs import PRELOAD_VARIABLE
from lakewright.runner.handover.task_spec import TaskSpec


def modules_ahead() -> list[str]:
    """The modules that tasks will want, in the order in which to import them."""
    return os.environ.get(PRELOAD_VARIABLE, "").split()


def load(name: str) -> None:
    """Import a module; if it is missing or broken, the task that needs it reports it."""
    with contextlib.suppress(Exception):
        importlib.import_module(name)


def read_line(descriptor: int) -> bytes:
    """The first line of a pipe; empty if the pipe ends before it."""
    found = bytearray()
    while not found.endswith(b"\n"):
        chunk = os.read(descriptor, 1 << 20)
        if not chunk:
            return b""
        found += chunk
    return bytes(found)


def watch(descriptor: int) -> None:
    """End this process and its children when the pipe's other end is closed."""

    def wait() -> None:
        while True:
            try:
                chunk = os.read(descriptor, 1024)
            except OSError:
                chunk = b""
            if not chunk:
                with contextlib.suppress(OSError):
                    os.killpg(os.getpgrp(), signal.SIGKILL)
                os._exit(1)

    threading.Thread(target=wait, name="parent watch", daemon=True).start()


def serve() -> None:
    """Run one task, and leave the process."""
    line = read_line(0)
    if not line:
        os._exit(0)
    control = os.dup(0)
    os.set_inheritable(control, False)  # noqa: FBT003 - the standard library's signature
    with open(os.devnull, "rb") as null:  # noqa: PTH123 - a descriptor is wanted
        os.dup2(null.fileno(), 0)
    watch(control)
    from lakewright.runner.inside.task_main import run_task

    code = run_task(TaskSpec.from_json(line.decode()))
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(Exception):
            stream.flush()
    # The run does not wait for threads that project code left running.
    os._exit(code)


def main() -> None:
    """Do the imports and run one task."""
    redirection.install()
    for name in modules_ahead():
        load(name)
    serve()


if __name__ == "__main__":
    main()
