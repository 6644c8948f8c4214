"""Lets the warm process of a project run a command in place of this process, which then only passes on signals.

To the user the two are one process: the same streams, folder, environment, arguments, exit code and signals.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import secrets
import select
import signal
import socket
import sys
from collections.abc import Iterable
from pathlib import Path
from types import FrameType
from typing import NoReturn

from lakewright.warm.client import LARGEST_ANSWER, ask_to_fork, attach, start_server, wanted_answer
from lakewright.warm.marker import MARKER_PLACEHOLDER, MARKER_VARIABLE
from lakewright.warm.place import WarmPlace
from lakewright.warm.program import Program, this_process

# `0` lets every command run in a process of its own.
WARM_VARIABLE = "LAKEWRIGHT_WARM"
# A server that imports a large module answers after it; starting without it takes longer than this.
_WELCOME_SECONDS = 2.0
_FORK_SECONDS = 10.0
# What a terminal sends to the whole group of processes in the foreground.
_OF_THE_TERMINAL = (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP, signal.SIGWINCH)
_PASSED_ON = (
    *(*_OF_THE_TERMINAL, signal.SIGTERM, signal.SIGUSR1, signal.SIGUSR2),
    *(signal.SIGTSTP, signal.SIGCONT),
)


def may_hand_over() -> bool:
    """Return whether this process may let another one take its place."""
    return (
        sys.platform == "linux"
        and os.environ.get(WARM_VARIABLE) != "0"
        and MARKER_VARIABLE not in os.environ  # this is that other one, or part of a task
        and sys.gettrace() is None  # a debugger
        and sys.getprofile() is None
    )


def hand_over(project: Path, function: str, *, modules: Iterable[str], fresh: bool = False) -> bool:
    """If the project has a warm process, let it run a function in place of this process, and end; else return.

    Args:
        project: The project's root, absolute.
        function: What runs, as `module:name`; its result is the exit code.
        modules: What it needs; the server imports what is missing later.
        fresh: See `Program`.

    Returns:
        Whether the next command needs a new one (`keep_warm`): there is none, or it refuses. One that is still importing will do.
    """
    try:
        program = this_process(function, fresh=fresh)
        connection = attach(WarmPlace(project), program.environment, modules, _WELCOME_SECONDS)
    except TimeoutError:
        return False
    except (OSError, ValueError):
        return True
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _PASSED_ON)  # they wait until they can be passed on
    try:
        relay = _Relay(*_started(connection, program))
    except (OSError, ValueError):
        connection.close()
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        return True
    signal.pthread_sigmask(signal.SIG_SETMASK, before)
    return _leave_as(relay.until_end(connection))


def keep_warm(project: Path, modules: Iterable[str]) -> None:
    """Start a warm process for the next command; it ends at once if the project has no engine, and with the engine.

    Args:
        project: The project's root, absolute.
        modules: What the next command needs.
    """
    with contextlib.suppress(OSError):
        connection, _ = start_server(WarmPlace(project), os.environ, modules)
        connection.close()


def _started(connection: socket.socket, program: Program) -> tuple[int, int]:
    """Start the program; return its process's id and a descriptor of it, which stays right when the id is used again."""
    marker = secrets.token_hex(len(MARKER_PLACEHOLDER) // 2)
    connection.settimeout(_FORK_SECONDS)
    with ask_to_fork(connection, marker, (0, 1, 2), ends_with_caller=True) as pipe:
        pid = wanted_answer(connection, "started")
        handle = os.pidfd_open(pid)
        connection.settimeout(None)
        program.send(pipe.fileno())
    return pid, handle


class _Relay:
    """Passes the signals of this process on to the one that took its place."""

    def __init__(self, pid: int, handle: int) -> None:
        self._pid, self._handle = pid, handle
        for number in _PASSED_ON:
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, self._pass_on)

    def until_end(self, connection: socket.socket) -> int:
        """Wait; return the exit code, negative for a signal. It is killed if the warm process ends before it."""
        with contextlib.suppress(OSError):
            while text := connection.recv(LARGEST_ANSWER):
                answer = json.loads(text)
                if answer.get("ended") == self._pid:
                    return int(answer["code"])
        self._send(signal.SIGKILL)
        select.select([self._handle], [], [])
        return -signal.SIGKILL

    def _pass_on(self, number: int, frame: FrameType | None) -> None:
        del frame
        if number == signal.SIGTSTP:
            self._send(signal.SIGSTOP, group=True)
            os.kill(os.getpid(), signal.SIGSTOP)
        else:
            self._send(number, group=number in _OF_THE_TERMINAL or number == signal.SIGCONT)

    def _send(self, number: int, *, group: bool = False) -> None:
        with contextlib.suppress(OSError):
            if not group:
                signal.pidfd_send_signal(self._handle, number)
            elif not select.select([self._handle], [], [], 0)[0]:  # it runs, so its group is its own
                os.killpg(self._pid, number)


def _leave_as(code: int) -> NoReturn:
    """End this process as the other one has ended."""
    if code < 0:
        resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
        with contextlib.suppress(OSError, ValueError):
            signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    os._exit(code if code >= 0 else 128 - code)
