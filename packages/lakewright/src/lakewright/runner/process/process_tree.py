"""Ends processes with everything that they started."""

from __future__ import annotations

import contextlib
import os
import signal
from pathlib import Path


def signal_group(group: int, number: signal.Signals) -> None:
    """Send a signal to a group of processes; nothing happens if it has ended."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)


def kill(pid: int) -> None:
    """Kill a process; nothing happens if it has ended."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, signal.SIGKILL)


def descendants(marker: str, group: int, spare: frozenset[int]) -> list[int]:
    """Processes that carry a task's mark or are in its group, also those that left it by a session of their own.

    Without `/proc` (macOS) only the group can be ended, and its processes are not counted.

    Args:
        marker: `NAME=value` as it stands in the environment.
        group: The task's process group.
        spare: Processes that are not the task's.
    """
    found: list[int] = []
    for entry in Path("/proc").glob("[0-9]*"):
        pid = int(entry.name)
        with contextlib.suppress(OSError):
            if pid in spare or pid == os.getpid() or _is_zombie(entry):
                continue
            if os.getpgid(pid) == group or marker.encode() in (entry / "environ").read_bytes().split(b"\0"):
                found.append(pid)
    return found


def _is_zombie(entry: Path) -> bool:
    return (entry / "stat").read_bytes().rsplit(b")", 1)[-1].split()[0] == b"Z"
