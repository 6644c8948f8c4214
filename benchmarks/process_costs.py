"""What the processes of a run cost, engine, tasks and runner apart: CPU seconds, and the highest memory of each (Linux only).

All of them are found by the folder of the project: it is in their working directory, command line or environment. So an
engine that lives on after the command is found too, and a task that was forked from a process beside it.
"""

import contextlib
import os
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from measure import proportional_mib

ROLES = ("engine", "tasks", "runner")
_SAMPLE_SECONDS = 0.25
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class RunCost:
    """What one run cost.

    Attributes:
        started: When it started, in seconds since 1970.
        seconds: From start to end.
        cpu_seconds: Role → CPU seconds. Of a process that ended, what it used after its last sample is missing: 0.25 s at most.
        peak_mib: Role → highest proportional memory of its processes together; `all` → the highest of all at one time.
    """

    started: float
    seconds: float
    cpu_seconds: Mapping[str, float]
    peak_mib: Mapping[str, float]


@dataclass
class _Seen:
    """What was sampled so far."""

    cpu_before: dict[int, float] = field(default_factory=dict)
    cpu: dict[tuple[str, int], float] = field(default_factory=dict)
    peaks: dict[str, float] = field(default_factory=dict)

    def add(self, folder: Path, runner: int) -> None:
        """Sample every process once."""
        memory = dict.fromkeys(ROLES, 0.0)
        for pid in processes_of(folder):
            role = "runner" if pid == runner else "engine" if _program(pid) == "java" else "tasks"
            memory[role] += proportional_mib(pid)
            self.cpu[role, pid] = cpu_seconds(pid) or self.cpu.get((role, pid), 0.0)
        for name, mib in {**memory, "all": sum(memory.values())}.items():
            self.peaks[name] = max(self.peaks.get(name, 0.0), mib)

    def cpu_of(self, role: str) -> float:
        return sum(
            seconds - self.cpu_before.get(pid, 0.0)
            for (name, pid), seconds in self.cpu.items()
            if name == role
        )


def run_measured(
    command: Sequence[str], *, cwd: Path, environment: Mapping[str, str], folder: Path, log: Path
) -> RunCost:
    """Run a command to its end; a failure is an error that shows the end of its output.

    Args:
        command: Program and arguments.
        cwd: Where it runs.
        environment: Variables on top of this process's own.
        folder: The folder that only the processes of this project name.
        log: Its output.
    """
    seen = _Seen(cpu_before={pid: cpu_seconds(pid) for pid in processes_of(folder)})
    started, clock = time.time(), time.monotonic()
    with log.open("w", encoding="utf-8") as stream:
        process = subprocess.Popen(
            command,
            cwd=cwd,
            env={**os.environ, **environment},
            stdout=stream,
            stderr=subprocess.STDOUT,
        )
        ended = threading.Event()
        sampler = threading.Thread(target=_sample, args=(seen, folder, process.pid, ended), daemon=True)
        sampler.start()
        process.wait()
    seconds = time.monotonic() - clock
    ended.set()
    sampler.join()
    if process.returncode:
        end = log.read_text(encoding="utf-8")[-3000:]
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}\n{end}")
    return RunCost(
        started,
        round(seconds, 1),
        {role: round(seen.cpu_of(role), 1) for role in ROLES},
        {name: round(mib) for name, mib in seen.peaks.items()},
    )


def _sample(seen: _Seen, folder: Path, runner: int, ended: threading.Event) -> None:
    while not ended.wait(_SAMPLE_SECONDS):
        seen.add(folder, runner)
    seen.add(folder, runner)


def processes_of(folder: Path) -> list[int]:
    """List the processes that have a folder in their working directory, command line or environment, but not this one."""
    wanted, found = str(folder).encode(), list[int]()
    for process in Path("/proc").glob("[0-9]*"):
        if process.name == str(os.getpid()):
            continue
        with contextlib.suppress(OSError):  # it ended, or belongs to somebody else
            named = [(process / name).read_bytes() for name in ("cmdline", "environ")]
            if any(wanted in place for place in (os.fsencode((process / "cwd").readlink()), *named)):
                found.append(int(process.name))
    return found


def _program(pid: int) -> str:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/comm").read_text(encoding="utf-8").strip()
    return ""


def cpu_seconds(pid: int) -> float:
    """Read the CPU time of a process, without its children; 0 if it has ended."""
    with contextlib.suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS
    return 0.0
