"""The guard's program: if the runner is killed, it ends the processes of its tasks.

`guard_client.py` starts it by path with `-I -S`, so it imports only the standard library. It reads lines from the runner:
`+<group> <mark>` when a task's process starts, `-<group>` when it has ended, `.` at the end of the run. If the pipe closes
without `.`, the runner was killed.
"""

import contextlib
import os
import signal
import sys


def main() -> None:
    """Read until the runner is done or has ended."""
    groups: dict[int, str] = {}
    for line in sys.stdin:
        mark, words = line[:1], line[1:].split()
        if mark == ".":
            return
        if mark == "+":
            groups[int(words[0])] = words[1]
        elif mark == "-":
            groups.pop(int(words[0]), None)
    end(groups)


def end(groups: dict[int, str]) -> None:
    """Kill whole groups, and processes outside of them that carry their mark."""
    marked = [pid for marker in groups.values() for pid in carriers(marker)]
    for group in groups:
        with contextlib.suppress(OSError):
            os.killpg(group, signal.SIGKILL)
    for pid in marked:
        with contextlib.suppress(OSError):
            os.kill(pid, signal.SIGKILL)


def carriers(marker: str) -> list[int]:
    """Processes whose environment holds a mark; none without `/proc`."""
    found: list[int] = []
    names = os.listdir("/proc") if os.path.isdir("/proc") else []  # noqa: PTH112, PTH208 - pathlib costs more than the rest
    for name in filter(str.isdigit, names):
        with contextlib.suppress(OSError), open(f"/proc/{name}/environ", "rb") as stream:  # noqa: PTH123 - as above
            if marker.encode() in stream.read().split(b"\0"):
                found.append(int(name))
    return found


if __name__ == "__main__":
    main()
