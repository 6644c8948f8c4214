"""Runs groups of tests side by side and prints how long each took.

Each group is a separate process, because a Python process is either attached to an engine or has its own JVM. Groups share no files,
so that they can run in parallel, one in each lane. The output of a group is printed when it ends.

    python scripts/groups.py [--ci] [--lanes N] [--report FILE] [--only NAME ...]
"""

import argparse
import ctypes
import json
import os
import random
import resource
import shlex
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

from group_list import GROUPS, LONG_IN_A_RUN, Group

_BECOME_SUBREAPER = (
    36  # prctl(2): orphans of this process become its children, so that their CPU time is counted
)
_ORPHANS_END_SECONDS = float(os.environ.get("LAKEWRIGHT_ORPHANS_END_SECONDS") or 30)


@dataclass(frozen=True)
class Measured:
    """The result of a group.

    Attributes:
        name: The group's name.
        code: Its exit code.
        minutes: Clock minutes.
        cpu_minutes: CPU minutes of all its processes; on a busy machine the better measure.
    """

    name: str
    code: int
    minutes: float
    cpu_minutes: float


def new_seed() -> str:
    """Return the seed of this run; `LAKEWRIGHT_SEED=7` repeats a draw."""
    return os.environ.get("LAKEWRIGHT_SEED") or str(random.SystemRandom().randrange(10_000))


def in_this_run(groups: Sequence[Group], seed: str) -> list[Group]:
    """Return the groups that a run makes: of those that take turns the one that this seed chooses."""
    turns = [group for group in groups if group.in_turn]
    chosen = random.Random(seed).choice(turns) if turns else None
    return [group for group in groups if not group.in_turn or group is chosen]


def long_in_this_run(groups: Sequence[Group], seed: str) -> list[str]:
    """Return the long tests that this seed chooses of all groups'."""
    long = [test for group in groups for test in group.long]
    return random.Random(seed).sample(long, min(LONG_IN_A_RUN, len(long)))


def run(groups: Sequence[Group], lanes: int, seed: str | None = None) -> list[Measured]:
    """Run groups in parallel lanes, with the tests that a seed draws, and return their measurements in the given order."""
    printing = threading.Lock()
    seed = seed or new_seed()
    long = long_in_this_run(groups, seed)

    def one(group: Group) -> Measured:
        command = group.with_long(long)
        with tempfile.TemporaryDirectory(prefix="group-") as folder:
            measured, output = _run_apart(group, command, seed, Path(folder))
        with printing:
            verdict = "passed" if measured.code == 0 else f"FAILED (exit code {measured.code})"
            print(f"── {group.name}: {verdict}, {measured.minutes:.1f} min", file=sys.stderr)
            print(f"$ cd {group.folder}; LAKEWRIGHT_DRAW=1 LAKEWRIGHT_SEED={seed}", shlex.join(command))
            print(output, flush=True)
        return measured

    with ThreadPoolExecutor(lanes) as pool:
        return list(pool.map(one, groups))


def table(measured: Sequence[Measured], minutes: float) -> str:
    """Return the measurements as Markdown, with the sum and the clock's total."""
    rows = [
        "| group | minutes | CPU minutes |",
        "|---|---:|---:|",
        *(f"| {one.name} | {one.minutes:.1f} | {one.cpu_minutes:.1f} |" for one in measured),
    ]
    cpu = sum(one.cpu_minutes for one in measured)
    return "\n".join([*rows, f"| **all, side by side** | **{minutes:.1f}** | **{cpu:.1f}** |"])


def _run_apart(group: Group, command: Sequence[str], seed: str, folder: Path) -> tuple[Measured, str]:
    """Run a group below a process that measures it and everything it starts."""
    log, figures = folder / "output", folder / "figures.json"
    with log.open("wb") as output:
        subprocess.run(
            [sys.executable, __file__, "--measure", str(figures), *command],
            cwd=group.folder,
            env={**os.environ, "LAKEWRIGHT_DRAW": "1", "LAKEWRIGHT_SEED": seed},
            stdout=output,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            check=False,
        )
    text = log.read_text(encoding="utf-8", errors="replace")
    try:
        found = json.loads(figures.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        found = {"code": 1, "minutes": 0.0, "cpu_minutes": 0.0}
        text += "\nerror: the process that measures this group ended early\n"
    return Measured(name=group.name, **found), text


def _measure(figures: Path, command: Sequence[str]) -> int:
    """Run a command, wait for processes that it leaves running, and write the time of all of them."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_BECOME_SUBREAPER, 1, 0, 0, 0)
    began = time.monotonic()
    code = subprocess.run(command, check=False).returncode
    minutes = (time.monotonic() - began) / 60
    left = _await_orphans()
    if left:
        print(f"error: the group left processes running: {left}", flush=True)
        code = code or 1
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = (used.ru_utime + used.ru_stime) / 60
    figures.write_text(json.dumps({"code": code, "minutes": minutes, "cpu_minutes": cpu}), encoding="utf-8")
    return code


def _await_orphans() -> list[str]:
    """Wait for processes whose parents have ended; return the command lines of those that stay."""
    deadline = time.monotonic() + _ORPHANS_END_SECONDS
    while time.monotonic() < deadline:
        try:
            pid, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return []
        if pid == 0:
            time.sleep(0.05)
    return _children()


def _children() -> list[str]:
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            if parent == os.getpid():
                found.append((entry / "cmdline").read_text().replace("\0", " ")[:200])
        except (OSError, ValueError, IndexError):
            continue
    return found


def main() -> int:
    """Run the groups and print the table; 1 if one of them failed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--ci", action="store_true", help="also what runs in CI alone")
    parser.add_argument("--lanes", type=int, default=min(2, os.cpu_count() or 1))
    parser.add_argument("--report", type=Path, help="also write the measurements as JSON")
    parser.add_argument("--only", nargs="+", choices=[group.name for group in GROUPS])
    given = parser.parse_args()
    seed = new_seed()
    if given.only:
        groups = [group for group in GROUPS if group.name in given.only]
    else:
        groups = in_this_run([group for group in GROUPS if given.ci or not group.in_ci], seed)
    began = time.monotonic()
    measured = run(groups, given.lanes, seed)
    minutes = (time.monotonic() - began) / 60
    print(table(measured, minutes), flush=True)
    if given.report:
        found = [asdict(one) for one in measured]
        given.report.write_text(json.dumps({"minutes": minutes, "groups": found}), encoding="utf-8")
    failed = [one.name for one in measured if one.code]
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["--measure"]:
        sys.exit(_measure(Path(sys.argv[2]), sys.argv[3:]))
    sys.exit(main())
