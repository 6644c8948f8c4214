"""File locks of the operating system, which releases them when the process ends; a stale lock cannot exist."""

import errno
import fcntl
import os
import struct
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lakewright.engine.errors import LockUnusableError

# struct flock. Linux: type, whence, (padding) start, length, pid; macOS: start, length, pid, type, whence.
_ON_MAC = sys.platform == "darwin"
_FLOCK = "qqihh" if _ON_MAC else "hhqqi"
_POLL_SECONDS = 0.05
# A lock of the system belongs to a process, not to a thread; these locks exclude other threads.
_threads: dict[str, threading.Lock] = {}
_threads_guard = threading.Lock()


def holder(path: Path) -> int | None:
    """Return the pid of the process that holds a file's lock, 0 if it is unknown, None if the lock is free.

    Raises:
        LockUnusableError: The file cannot be read.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise unusable(path, error) from error
    try:
        kind, pid = _conflicting_lock(descriptor)
        return None if kind == fcntl.F_UNLCK else max(pid, 0)
    except OSError as error:
        raise unusable(path, error) from error
    finally:
        os.close(descriptor)


@contextmanager
def exclusive(path: Path, *, timeout: float) -> Iterator[bool]:
    """Hold a file's lock inside a `with` block; it excludes other processes and other threads of this process.

    Args:
        path: The lock file; created if missing. Do not open it elsewhere in this process at the same time.
        timeout: Seconds to wait until another holder releases it.

    Yields:
        Whether the lock was acquired in time.

    Raises:
        LockUnusableError: The file cannot be created, or cannot be opened for writing.
    """
    deadline = time.monotonic() + timeout
    among_threads = _lock_of(path)
    if not among_threads.acquire(timeout=max(timeout, 0)):
        yield False
        return
    try:
        descriptor = _opened(path)
        try:
            while not (held := _try_lock(path, descriptor)) and time.monotonic() < deadline:
                time.sleep(_POLL_SECONDS)
            yield held
        finally:
            os.close(descriptor)
    finally:
        among_threads.release()


def _opened(path: Path) -> int:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise unusable(path, error) from error


def unusable(path: Path, error: OSError) -> LockUnusableError:
    """Return the error for a lock file that cannot be used, with the reason and the fix."""
    return LockUnusableError(
        f"{path.parent} cannot be used: {error.strerror}", location=str(path), fix=_fix_of(error)
    )


def _fix_of(error: OSError) -> str:
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return "make room on the disk"
    if error.errno in {errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL}:
        return "its file system does not support locks (a network share?): use a copy of the project on a local disk"
    return (
        "make the folder writable (it may belong to another user, or be on a read-only disk), or use a copy "
        "of the project"
    )


def _lock_of(path: Path) -> threading.Lock:
    with _threads_guard:
        return _threads.setdefault(os.path.realpath(path), threading.Lock())


def _try_lock(path: Path, descriptor: int) -> bool:
    try:
        fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in {errno.EACCES, errno.EAGAIN}:
            return False
        raise unusable(path, error) from error
    return True


def _conflicting_lock(descriptor: int) -> tuple[int, int]:
    """Return the lock that conflicts with an exclusive one: its kind and the pid of its process."""
    if _ON_MAC:
        request = struct.pack(_FLOCK, 0, 0, 0, fcntl.F_WRLCK, os.SEEK_SET)
        _, _, pid, kind, _ = struct.unpack(_FLOCK, fcntl.fcntl(descriptor, fcntl.F_GETLK, request))
    else:
        request = struct.pack(_FLOCK, fcntl.F_WRLCK, os.SEEK_SET, 0, 0, 0)
        kind, _, _, _, pid = struct.unpack(_FLOCK, fcntl.fcntl(descriptor, fcntl.F_GETLK, request))
    return kind, pid
