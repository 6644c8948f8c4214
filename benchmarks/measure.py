"""Running a command and seeing what it cost: wall time, CPU time and the memory of its whole process tree."""

import contextlib
import os
import signal
import statistics
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

# Reading a large process's memory map takes milliseconds: more often, the measurement would slow what it measures.
_SAMPLE_SECONDS = 0.5


@dataclass(frozen=True)
class Cost:
    """What one run cost.

    Attributes:
        wall: Seconds from start to end.
        peak_mib: Highest proportional set size of the process and all its descendants, sampled (Linux only, else 0).
        output: What it printed on standard output.
    """

    wall: float
    peak_mib: float
    output: str


def run(
    command: Sequence[str],
    *,
    cwd: Path | None = None,
    environment: Mapping[str, str] | None = None,
    timeout: float = 900.0,
) -> Cost:
    """Run a command to its end; a failure is an error that shows what it printed.

    Args:
        command: Program and arguments.
        cwd: Where it runs.
        environment: Variables on top of this process's own.
        timeout: Seconds after which it is aborted, with the stack of a Python process in the error.
    """
    started = time.monotonic()
    process = subprocess.Popen(
        command,
        cwd=cwd,
        env={**_own_environment(), "PYTHONFAULTHANDLER": "1", **(environment or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    peak = _Peak(process.pid)
    try:
        output, errors = process.communicate(timeout=timeout)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGABRT)
        output, errors = process.communicate()
    wall = time.monotonic() - started
    highest = peak.stop()
    if process.returncode:
        raise RuntimeError(
            f"{' '.join(command)} ended with {process.returncode}\n{output[-3000:]}\n{errors[-3000:]}"
        )
    return Cost(wall, highest, output)


def _own_environment() -> dict[str, str]:
    """Take this process's variables without the address of an engine that it has used itself."""
    return {name: value for name, value in os.environ.items() if not name.startswith("SPARK_")}


def median(values: Sequence[float]) -> float:
    """Take the median, rounded to what such a measurement can tell."""
    return round(statistics.median(values), 2)


class _Peak:
    """Samples a process tree's memory in a thread of its own."""

    def __init__(self, pid: int) -> None:
        self._pid, self._highest, self._ended = pid, 0.0, threading.Event()
        self._thread = threading.Thread(target=self._sample, daemon=True)
        self._thread.start()

    def stop(self) -> float:
        self._ended.set()
        self._thread.join()
        return round(self._highest)

    def _sample(self) -> None:
        while not self._ended.wait(_SAMPLE_SECONDS):
            self._highest = max(self._highest, memory_mib(self._pid))


def memory_mib(pid: int) -> float:
    """Read the proportional memory of a process and all its descendants, in MiB, as it is now."""
    return sum(proportional_mib(each) for each in _tree(pid))


def cpu_seconds_of_tree(pid: int) -> float:
    """Read the CPU time of a process and all its descendants that are alive, in seconds; the system's part included."""
    return sum(map(_cpu_seconds, _tree(pid)))


def _cpu_seconds(pid: int) -> float:
    with contextlib.suppress(OSError):  # it has ended
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return 0.0


def _tree(pid: int) -> list[int]:
    """List a process and all its descendants."""
    found, children = [pid], list[int]()
    with contextlib.suppress(OSError):  # it ends while it is looked at
        for task in Path(f"/proc/{pid}/task").glob("*/children"):
            children += map(int, task.read_text(encoding="ascii").split())
    for child in children:
        found.extend(_tree(child))
    return found


def proportional_mib(pid: int) -> float:
    """Read the memory of a process, its part of what it shares with others included; 0 if it has ended."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    except OSError:
        return 0.0
    return next(int(line.split()[1]) / 1024 for line in text.splitlines() if line.startswith("Pss:"))
