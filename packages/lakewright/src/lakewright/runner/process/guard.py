"""A small process that outlives the runner by a moment: if the runner is killed, it ends the tasks' processes.

Started by path with `-I -S`, so it imports nothing but the standard library. It reads lines from the runner:
`+<group> <marker>` when a task's process starts, `-<group>` when it has been ended. The end of the pipe without
`.` before it means that the runner is gone.
"""

import contextlib
import os
import signal
import sys


def main() -> None:
    """Read until the runner is done or gone."""
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
    """End whole groups, and the processes that left them but carry their marker."""
    marked = [pid for marker in groups.values() for pid in carriers(marker)]
    for group in groups:
        with contextlib.suppress(OSError):
            os.killpg(group, signal.SIGKILL)
    for pid in marked:
        with contextlib.suppress(OSError):
            os.kill(pid, signal.SIGKILL)


def carriers(marker: str) -> list[int]:
    """Processes whose environment holds a marker; none where there is no `/proc`."""
    found: list[int] = []
    names = os.listdir("/proc") if os.path.isdir("/proc") else []  # noqa: PTH112, PTH208 - pathlib costs more than the rest
    for name in filter(str.isdigit, names):
        with contextlib.suppress(OSError), open(f"/proc/{name}/environ", "rb") as stream:  # noqa: PTH123 - as above
            if marker.encode() in stream.read().split(b"\0"):
                found.append(int(name))
    return found


if __name__ == "__main__":
    main()
