"""Ends processes together with their children."""

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
    """Processes of a task: those in its group, and those outside that carry its mark.

    Empty without `/proc` (macOS): there only the group is ended, and nothing is counted.

    Args:
        marker: `NAME=value`, as in the environment.
        group: The task's process group.
        spare: Processes to leave out.
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
