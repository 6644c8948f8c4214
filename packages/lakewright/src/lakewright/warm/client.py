"""What a caller says to the warm process: start, greet, ask for a fork."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterable, Mapping
from typing import BinaryIO

from lakewright.warm.conditions import clean_environment, conditions
from lakewright.warm.marker import MARKER_PLACEHOLDER, MARKER_VARIABLE
from lakewright.warm.place import WarmPlace

LARGEST_ANSWER = 1 << 16


def start_server(
    place: WarmPlace, environ: Mapping[str, str], modules: Iterable[str]
) -> tuple[socket.socket, subprocess.Popen[bytes]]:
    """Start a warm process for a project, and greet it without waiting for an answer; return the connection and the process.

    It stays if the project has an engine when the connection is closed.

    Args:
        place: Where it listens and logs.
        environ: The environment of the programs that it will be asked for.
        modules: What it imports first.

    Raises:
        OSError: It cannot be started.
    """
    place.create()
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    try:
        with theirs, place.log.open("wb") as log:
            process = subprocess.Popen(
                [
                    sys.executable,
                    "-P",
                    "-m",
                    "lakewright.warm.server",
                    str(theirs.fileno()),
                    str(place.project),
                ],
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                env={**clean_environment(environ), MARKER_VARIABLE: MARKER_PLACEHOLDER},
                start_new_session=True,
            )
        greet(ours, environ, modules)
    except OSError:
        ours.close()
        raise
    return ours, process


def greet(connection: socket.socket, environ: Mapping[str, str], modules: Iterable[str]) -> None:
    """Send `hello`."""
    request = {"ask": "hello", "conditions": conditions(environ), "modules": list(modules)}
    connection.send(json.dumps(request).encode())


def attach(
    place: WarmPlace, environ: Mapping[str, str], modules: Iterable[str], seconds: float
) -> socket.socket:
    """Return a connection on which the warm process of a project has answered `welcome`.

    Args:
        place: Where it listens.
        environ: The environment of the programs that it will be asked for.
        modules: What they need; it imports what is missing later.
        seconds: How long to wait for each answer.

    Raises:
        OSError: There is none, it refuses, or it does not answer.
    """
    connection = place.connect(seconds)
    try:
        greet(connection, environ, modules)
        wanted_answer(connection, "welcome")
        connection.settimeout(None)
    except (OSError, ValueError):
        connection.close()
        raise
    return connection


def wanted_answer(connection: socket.socket, name: str) -> int:
    """Receive an answer, and return its value.

    Raises:
        OSError: It is another answer than the wanted one, or none came in time.
    """
    answer = json.loads(connection.recv(LARGEST_ANSWER) or b"{}")
    if name not in answer:
        raise OSError(answer.get("refused") or "it has ended")
    return int(answer[name])


def ask_to_fork(
    connection: socket.socket, marker: str, streams: tuple[int, int, int], **options: bool
) -> BinaryIO:
    """Send `fork`; return the pipe into which the `Program` must be sent after `started`.

    Args:
        connection: A connection that was answered `welcome`.
        marker: The mark of the new process.
        streams: Its standard input, output and error.
        options: `ends_with_caller`: whether it is killed when the connection is closed.
    """
    theirs, ours = os.pipe()
    try:
        request = json.dumps({"ask": "fork", "marker": marker, **options}).encode()
        socket.send_fds(connection, [request], [*streams, theirs])
    except OSError:
        os.close(ours)
        raise
    finally:
        os.close(theirs)
    return os.fdopen(ours, "wb", buffering=0)
