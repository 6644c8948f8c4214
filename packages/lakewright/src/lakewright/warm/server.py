"""The warm process: it does the slow imports once, and forks a process for each task, command or run of tests. Linux only.

`python -P -m lakewright.warm.server <descriptor> <project>`: the descriptor is a connection to the process that starts it;
others connect to the socket of `WarmPlace`. A connection begins with `hello`: the conditions of the caller, and modules to
import. The server refuses callers under other conditions, and everybody once a file that it has loaded has changed. Then
each `fork` brings a mark, three streams and a pipe; the answers are `started` with the pid, and later `ended` with the exit
code, also during an import. The new process waits for its `Program` in the pipe, so that a caller that has given up waiting for
`started` and runs the program on its own does not run it twice. Requests are taken between two imports.

It runs no code of a project, and holds no secret: the environment of a program is read by the new process only. It must have
no other thread, because a fork copies only the thread that forks. It ends when nobody is connected and the project has no
engine; so it is as long-lived as the engine. See ADR 0016.
"""

from __future__ import annotations

import contextlib
import errno
import importlib
import json
import os
import select
import signal
import socket
import sys
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lakewright.mlflow_stores.redirection import redirection
from lakewright.warm.conditions import conditions
from lakewright.warm.forking import Forked, fork
from lakewright.warm.loaded_files import LoadedFiles
from lakewright.warm.place import WarmPlace, require_same_user
from lakewright.warm.program import Program

_DESCRIPTORS = 4
_LARGEST_REQUEST = 1 << 18
# How often it looks whether its socket and its engine still exist; the end of an engine that is known is an event.
_LOOK_SECONDS = 2.0


@dataclass
class Caller:
    """A connection.

    Attributes:
        connection: Its socket.
        welcome: Whether it may fork.
    """

    connection: socket.socket
    welcome: bool = False


class Server:
    """Imports the modules that its callers name, and forks whenever they ask.

    Args:
        first: The connection to the process that has started this one.
        place: Where others connect.
    """

    def __init__(self, first: socket.socket, place: WarmPlace) -> None:
        self._place = place
        self._modules: deque[str] = deque()
        self._files = LoadedFiles()
        self._conditions = conditions(os.environ)
        self._callers = [Caller(first)]
        self._children: dict[int, tuple[Caller, bool]] = {}
        self._engine = -1  # a descriptor that becomes readable when the engine ends
        self._listener = self._listen()
        self._identity = place.identity() if self._listener else None
        self._woken, self._wake = os.pipe()
        os.set_blocking(self._woken, False)
        os.set_blocking(self._wake, False)
        signal.set_wakeup_fd(self._wake, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: self._reap())

    def run(self) -> None:
        """Serve until nobody needs this process.

        Raises:
            Forked: In a new process.
        """
        try:
            while self._callers or self._children or self._stays():
                self._step()
        finally:
            if self._listener is not None:  # not in a new process: it has left
                self._place.leave(self._identity)

    def _step(self) -> None:
        """Take what has arrived, or import the next module."""
        watched: list[Any] = [self._woken, *(caller.connection for caller in self._callers)]
        if self._listener is not None:
            watched.append(self._listener)
        if self._engine >= 0:
            watched.append(self._engine)
        ready, _, _ = select.select(watched, [], [], 0 if self._modules else _LOOK_SECONDS)
        if self._woken in ready:  # a signal between the check and the wait: its handler runs now
            with contextlib.suppress(BlockingIOError):
                os.read(self._woken, 1024)
        if self._listener in ready:
            self._accept()
        if self._engine in ready:
            self._lose_engine()
        for caller in [caller for caller in self._callers if caller.connection in ready]:
            self._take(caller)
        if not ready and self._modules:
            load(self._modules.popleft())
            self._files.add_modules()

    def _listen(self) -> socket.socket | None:
        try:
            return self._place.listen()
        except OSError as error:  # a file system without sockets: it serves the one who started it
            print(f"no socket: {error}", file=sys.stderr, flush=True)  # noqa: T201 - its log
            return None

    def _accept(self) -> None:
        assert self._listener is not None
        connection, _ = self._listener.accept()
        try:
            require_same_user(connection)
        except OSError:
            connection.close()
        else:
            self._callers.append(Caller(connection))

    def _take(self, caller: Caller) -> None:
        """Read and answer one request of a caller; forget the caller if it has left."""
        try:
            text, descriptors, _, _ = socket.recv_fds(caller.connection, _LARGEST_REQUEST, _DESCRIPTORS)
        except OSError:
            text, descriptors = b"", []
        try:
            if not text:
                self._forget(caller)
                return
            request = json.loads(text)
            if request["ask"] == "hello":
                self._greet(caller, request)
            elif request["ask"] == "fork":
                self._fork(caller, request, descriptors)
            else:  # `leaving`
                self._answer(caller, stays=self._stays())
        finally:
            for descriptor in descriptors:
                with contextlib.suppress(OSError):
                    os.close(descriptor)

    def _greet(self, caller: Caller, request: dict[str, Any]) -> None:
        theirs = request["conditions"]
        other = sorted(
            name for name in {*theirs, *self._conditions} if theirs.get(name) != self._conditions.get(name)
        )
        refused = self._outdated() or (f"other conditions: {', '.join(other)}" if other else None)
        if refused:
            self._answer(caller, refused=refused)
            return
        caller.welcome = True
        known = {*sys.modules, *self._modules}
        self._modules.extend(name for name in request["modules"] if name not in known)
        self._answer(caller, welcome=os.getpid())

    def _fork(self, caller: Caller, request: dict[str, Any], descriptors: list[int]) -> None:
        marker = request["marker"]
        refused = None if caller.welcome else "no hello"
        if not refused and len(descriptors) < _DESCRIPTORS:
            refused = os.strerror(errno.EMFILE)
        try:
            refused = refused or self._outdated()
            pid = 0 if refused else fork(marker, descriptors, self._leave)
        except OSError as error:  # too many processes or descriptors, or too little memory
            refused = str(error)
        if refused:
            self._answer(caller, refused=refused, marker=marker)
            return
        self._answer(caller, started=pid, marker=marker)
        self._children[pid] = (caller, bool(request.get("ends_with_caller")))
        self._reap()

    def _outdated(self) -> str | None:
        """Return why this process must not be used any more; it then also stops to listen."""
        changed = self._files.first_change()
        if changed is None:
            return None
        self._stop_listening()
        return f"{changed} has changed since it was loaded"

    def _stop_listening(self) -> None:
        if self._listener is not None:
            self._place.leave(self._identity)
            self._listener.close()
            self._listener = None

    def _forget(self, caller: Caller) -> None:
        """Close a connection, and end its commands: their terminal has gone."""
        self._callers.remove(caller)
        caller.connection.close()
        for pid, (of, ends) in self._children.items():
            if of is caller and ends:
                with contextlib.suppress(OSError):
                    os.killpg(pid, signal.SIGKILL)

    def _stays(self) -> bool:
        """Return whether this process is of use without a caller: it is reachable, and the project has an engine."""
        if self._listener is None or self._place.identity() != self._identity:
            return False
        if self._engine < 0:
            self._engine = _descriptor_of_engine(self._place.project)
        return self._engine >= 0

    def _lose_engine(self) -> None:
        os.close(self._engine)
        self._engine = -1

    def _leave(self) -> None:
        """Close, in a new process, everything that belongs to the server."""
        for caller in self._callers:
            caller.connection.close()
        if self._listener is not None:
            self._listener.close()
            self._listener = None
        for descriptor in (self._woken, self._wake, self._engine):
            if descriptor >= 0:
                os.close(descriptor)

    def _reap(self) -> None:
        """Report each ended process once, even if a signal calls this method again while it runs."""
        for pid in tuple(self._children):
            try:
                found, status = os.waitpid(pid, os.WNOHANG)
            except ChildProcessError:
                continue
            if found and (child := self._children.pop(pid, None)):
                self._answer(child[0], ended=pid, code=os.waitstatus_to_exitcode(status))

    def _answer(self, caller: Caller, **answer: object) -> None:
        with contextlib.suppress(OSError):  # the caller has left; `run` sees the closed socket
            caller.connection.send(json.dumps(answer).encode())


def load(name: str) -> None:
    """Import a module; if it is missing or broken, the program that needs it reports it."""
    with contextlib.suppress(Exception):
        importlib.import_module(name)


def _descriptor_of_engine(project: Path) -> int:
    """Return a descriptor that becomes readable when the project's engine ends; -1 without an engine.

    The engine is recognised by its command line, which ends with its own file: its id may have been given to another process.
    """
    state = project / ".lakewright" / "engine.json"
    try:
        pid = int(json.loads(state.read_text(encoding="utf-8"))["pid"])
        descriptor = os.pidfd_open(pid)
    except (OSError, ValueError, KeyError, TypeError):
        return -1
    with contextlib.suppress(OSError):
        if Path(f"/proc/{pid}/cmdline").read_bytes().rstrip(b"\0").endswith(os.fsencode(state)):
            return descriptor
    os.close(descriptor)
    return -1


def _plain_signals() -> None:
    """Handle signals as a program that a shell starts: the process that started this one may ignore some."""
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGTSTP):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)


def main(arguments: Iterable[str]) -> Program | None:
    """Serve; in a forked process, return what it is to be."""
    descriptor, project = arguments
    redirection.install()  # MLflow may be imported before a task is known
    _plain_signals()
    control = socket.socket(fileno=int(descriptor))
    control.set_inheritable(False)
    try:
        Server(control, WarmPlace(Path(project))).run()
    except Forked as forked:
        return forked.program
    return None


if __name__ == "__main__":
    if (_program := main(sys.argv[1:])) is None:
        os._exit(0)
    sys.exit(_program.run())
