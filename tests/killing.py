"""Killing a process in the middle of a run, with the proof that it was hit there."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from kill_points import KillPoint, writes_of

from lakewright.engine.layout import EngineFolder
from lakewright.engine.locks import holder

_PIPELINE = (sys.executable, "-m", "lakewright", "run", "main_pipeline")
_TASK_TITLE = "lakewright-task"
_NAMES = {"task": "SIGKILL", "engine": "the engine has stopped"}  # in the record, by the victim
_LONGEST_RUN = 600
_LONGEST_END = 120
_POLL_SECONDS = 0.05


class MissedError(AssertionError):
    """Raised when the process was not hit where it should have been."""


def start(project: Path, prefix: str = "") -> subprocess.Popen:
    """Start the pipeline in the schemas with a prefix."""
    return subprocess.Popen(
        (*_PIPELINE, "--var", f"schema_prefix={prefix}"),
        cwd=project,
        env=_environ(project),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def _environ(project: Path) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(project / "src")}


def finish(project: Path, prefix: str = "") -> dict:
    """Run the pipeline to its end in the schemas with a prefix, and return its record."""
    run = start(project, prefix)
    output, _ = run.communicate(timeout=_LONGEST_RUN)
    assert run.returncode == 0, output
    return record(latest(project))


def count_writes(project: Path) -> dict[str, int]:
    """Run the pipeline for the first time and return how many writes each of its tasks makes, in their order."""
    with (project / "output.txt").open("wb") as output:
        run = subprocess.Popen(_PIPELINE, cwd=project, env=_environ(project), stdout=output, stderr=output)
    before, counts = {}, {}
    while run.poll() is None:
        time.sleep(_POLL_SECONDS)
        folder = project / ".lakewright" / "runs" / "latest"
        written = len(writes_of(project))
        for log in folder.glob("*.*.log"):
            before.setdefault(log.stem.replace(".", "/"), written)
        if (folder / "summary.json").exists():
            for key in {entry["key"] for entry in record(folder)["tasks"]} & set(before):
                counts.setdefault(key, written - before[key])
    assert run.returncode == 0, (project / "output.txt").read_text(encoding="utf-8")
    return counts


def latest(project: Path) -> Path:
    """Return the folder of the newest run."""
    return (project / ".lakewright" / "runs" / "latest").resolve()


def record(run_folder: Path) -> dict:
    """Read the record of a run."""
    return json.loads((run_folder / "summary.json").read_text(encoding="utf-8"))


def statuses(project: Path) -> dict[str, str]:
    """Return how each run of a project ended, by the name of its folder."""
    folders = [path for path in (project / ".lakewright" / "runs").iterdir() if not path.is_symlink()]
    return {folder.name: record(folder)["status"] for folder in folders}


def kill_at(project: Path, point: KillPoint, prefix: str = "") -> None:
    """Start the pipeline in the schemas with a prefix, kill a process at a point of it, and prove that it was hit there.

    Raises:
        MissedError: The run or the task was over, or the record does not say that this task was killed.
    """
    before = latest(project)
    run = start(project, prefix)
    try:
        folder = _await_task(project, run, point, before)
        with _standing_still(run.pid):
            pids = _victims(project, run, point.victim)
            prove_running(folder, point.task)
            for pid in pids:
                os.kill(pid, signal.SIGKILL)
        output, _ = run.communicate(timeout=_LONGEST_END)
    finally:
        if run.poll() is None:
            run.kill()
            run.communicate()
    prove_killed(record(folder), point, run.returncode, output)


def prove_running(run_folder: Path, task: str) -> None:
    """Check that a task has begun and has not ended.

    Raises:
        MissedError: The record of the run lists it among the tasks that have ended.
    """
    found = record(run_folder)
    if found["status"] != "running" or task in {entry["key"] for entry in found["tasks"]}:
        raise MissedError(f"{task} was over before the kill: {found['tasks']}")


def prove_killed(found: dict, point: KillPoint, returncode: int, output: str) -> None:
    """Check that the record of a run says who was killed.

    A runner that is killed leaves `running` behind, which the next run turns into `killed`.

    Raises:
        MissedError: It says something else.
    """
    ended = {entry["key"]: entry for entry in found["tasks"]}
    if point.victim == "runner":
        hit = returncode == -signal.SIGKILL and found["status"] == "running" and point.task not in ended
    else:
        entry = ended.get(point.task, {})
        summary = (entry.get("error") or {}).get("summary", "")
        hit = found["status"] == "failed" and entry.get("status") == "failed" and "--resume" in output
        hit = hit and _NAMES[point.victim] in summary
    if not hit:
        raise MissedError(f"the record does not say that {point} was hit: {found}\n{output}")


def _await_task(project: Path, run: subprocess.Popen, point: KillPoint, before: Path) -> Path:
    """Wait until the task has begun and has made its writes; return the run's folder."""
    _wait_for(run, point, lambda: latest(project) != before)
    folder = latest(project)
    log = folder / f"{point.task.replace('/', '.')}.log"
    _wait_for(run, point, log.exists)
    written = len(writes_of(project))
    _wait_for(run, point, lambda: len(writes_of(project)) - written >= point.writes)
    return folder


def _wait_for(run: subprocess.Popen, point: KillPoint, condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _LONGEST_RUN
    while not condition():
        if run.poll() is not None or time.monotonic() > deadline:
            raise MissedError(f"the run was over before {point}:\n{run.communicate()[0]}")
        time.sleep(_POLL_SECONDS)


@contextlib.contextmanager
def _standing_still(runner: int) -> Iterator[None]:
    """Stop the runner for the length of a block: its record cannot change meanwhile."""
    os.kill(runner, signal.SIGSTOP)
    try:
        yield
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(runner, signal.SIGCONT)


def _victims(project: Path, run: subprocess.Popen, victim: str) -> list[int]:
    """List the living processes of a kind.

    Raises:
        MissedError: There is none.
    """
    if victim == "runner":
        found = [run.pid] if run.poll() is None else []
    elif victim == "engine":
        pid = holder(EngineFolder(project).lock)
        found = [pid] if pid else []
    else:
        found = _task_processes(project)
    if not found:
        raise MissedError(f"no {victim} is alive")
    return found


def _task_processes(project: Path) -> list[int]:
    """Find the processes of the project's tasks by their title and their working folder."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            title = (entry / "comm").read_text(encoding="ascii").strip()
            if title == _TASK_TITLE and (entry / "cwd").resolve().is_relative_to(project.resolve()):
                found.append(int(entry.name))
    return found
