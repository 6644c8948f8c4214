"""The engine's door for classic sessions, seen from a client; the protocol is described in `jvm/attached/ClassicDoor.scala`."""

import contextlib
import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass

from lakewright.engine.environment_variables import CLASSIC_VARIABLE, CLIENT_VARIABLE, TOKEN_VARIABLE
from lakewright.engine.errors import EngineGoneError

_ANSWER_SECONDS = 30.0
_END_SECONDS = 25.0


@dataclass(frozen=True)
class Lease:
    """The right to work in an engine's JVM, for as long as the connection lasts.

    Attributes:
        connection: Ends with this process, and with it everything that the process began in the JVM.
        port: The port of a Py4J server for this process alone.
        secret: Its secret.
    """

    connection: socket.socket
    port: int
    secret: str

    def cancel_jobs(self) -> None:
        """End the Spark jobs of this process; if the engine has ended, so have they."""
        with contextlib.suppress(OSError):
            self.connection.sendall(b"cancel\n")

    def end(self) -> None:
        """Give the right back, and wait until the JVM has ended what this process began."""
        with contextlib.suppress(OSError), self.connection:  # in a forked child it is closed
            self.connection.shutdown(socket.SHUT_WR)
            self.connection.settimeout(_END_SECONDS)
            self.connection.recv(1)


def attach(environ: Mapping[str, str]) -> Lease:
    """Ask an engine for a place in its JVM.

    Args:
        environ: The variables from `EngineHandle.classic_environment`.

    Raises:
        EngineGoneError: The engine does not answer.
    """
    name = environ.get(CLIENT_VARIABLE) or f"process-{os.getpid()}"
    connection, answer = _ask(environ, f"attach {name}", seconds=_ANSWER_SECONDS)
    port, _, secret = answer.partition(" ")
    connection.settimeout(None)
    os.register_at_fork(after_in_child=connection.close)  # the child's copy would keep the connection
    return Lease(connection, int(port), secret)


def end_clients(environ: Mapping[str, str], names: list[str], *, seconds: float) -> None:
    """Wait until clients that were killed have nothing left in the engine: their jobs and statements are ended.

    Args:
        environ: The variables from `EngineHandle.classic_environment`.
        names: The values of `CLIENT_VARIABLE` of their processes.
        seconds: How long to wait for each.

    Raises:
        EngineGoneError: The engine does not answer, or has not ended them in time.
    """
    for name in names:
        connection, _ = _ask(environ, f"end {name}", seconds=seconds)
        connection.close()


def _ask(environ: Mapping[str, str], question: str, *, seconds: float) -> tuple[socket.socket, str]:
    port = int(environ[CLASSIC_VARIABLE])
    try:
        connection = socket.create_connection(("127.0.0.1", port), timeout=seconds)
        try:
            connection.sendall(f"{environ[TOKEN_VARIABLE]} {question}\n".encode())
            answer = _line(connection)
        except OSError:
            connection.close()
            raise
    except OSError as error:
        raise _gone(port, str(error)) from error
    if not answer:
        connection.close()
        raise _gone(port, "it closed the connection")
    return connection, answer


def _line(connection: socket.socket) -> str:
    received = b""
    while not received.endswith(b"\n"):
        part = connection.recv(1024)
        if not part:
            return ""
        received += part
    return received.decode().strip()


def _gone(port: int, why: str) -> EngineGoneError:
    return EngineGoneError(
        "the engine does not answer",
        detail=f"port {port} for classic sessions: {why}",
        fix="run the command again: it starts an engine if none is running; `lakewright doctor` checks this machine",
    )
