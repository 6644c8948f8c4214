"""The place of a project's warm process: a socket in a folder that only its user may enter."""

from __future__ import annotations

import contextlib
import os
import socket
import stat
import struct
from collections.abc import Iterator
from pathlib import Path

_PRIVATE = 0o700
_WAITING = 16
_CREDENTIALS = struct.Struct("iII")  # struct ucred: pid, uid, gid


class WarmPlace:
    """The folder `.lakewright/warm` of a project, its socket and its log.

    Args:
        project: The project's root, absolute.
    """

    def __init__(self, project: Path) -> None:
        self.project = project
        self.folder = project / ".lakewright" / "warm"
        self.log = self.folder / "server.log"
        self._name = "socket"

    def create(self) -> None:
        """Create the folder.

        Raises:
            PermissionError: It belongs to another user.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        status = self.folder.lstat()
        if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.getuid():
            raise PermissionError(f"{self.folder} is not a folder of this user")
        self.folder.chmod(_PRIVATE)

    def listen(self) -> socket.socket:
        """Return a listening socket at this place; it replaces that of an earlier process in one step."""
        self.create()
        listener = _socket()
        with self._reachable() as folder:
            own = Path(folder, f"{os.getpid()}.new")
            own.unlink(missing_ok=True)
            listener.bind(str(own))
            listener.listen(_WAITING)
            own.rename(Path(folder, self._name))
        return listener

    def connect(self, seconds: float) -> socket.socket:
        """Return a connection to the process that listens here.

        Raises:
            OSError: None listens, or it belongs to another user.
        """
        status = self.folder.lstat()
        if status.st_uid != os.getuid() or stat.S_IMODE(status.st_mode) != _PRIVATE:
            raise PermissionError(f"{self.folder} is not private to this user")
        connection = _socket()
        try:
            connection.settimeout(seconds)
            with self._reachable() as folder:
                connection.connect(f"{folder}/{self._name}")
            require_same_user(connection)
        except OSError:
            connection.close()
            raise
        return connection

    def identity(self) -> tuple[int, int] | None:
        """Return what tells the socket that is here now from another one; None if there is none."""
        try:
            status = (self.folder / self._name).lstat()
        except OSError:
            return None
        return status.st_dev, status.st_ino

    def leave(self, identity: tuple[int, int] | None) -> None:
        """Remove the socket, unless another process has replaced it."""
        if identity is not None and self.identity() == identity:
            with contextlib.suppress(OSError):
                (self.folder / self._name).unlink()

    @contextlib.contextmanager
    def _reachable(self) -> Iterator[str]:
        """Give the folder a short path: the path of a socket has at most 107 bytes."""
        descriptor = os.open(self.folder, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            yield f"/proc/self/fd/{descriptor}"
        finally:
            os.close(descriptor)


def require_same_user(connection: socket.socket) -> None:
    """Check that the other end of a connection is a process of this user.

    Raises:
        PermissionError: It is a process of another user.
    """
    raw = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
    _, user, _ = _CREDENTIALS.unpack(raw)
    if user != os.getuid():
        raise PermissionError(f"the other process belongs to user {user}")


def _socket() -> socket.socket:
    return socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
