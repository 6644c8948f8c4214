"""A listener that raises, blocks, or prints to a closed output: the run ends all the same."""

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from lakewright.runner.scheduling.listener import SilentListener

pytestmark = pytest.mark.unit


class Raising(SilentListener):
    def __init__(self, error: BaseException) -> None:
        self.error = error

    def task_started(self, key: str, attempt: int) -> None:
        if key.partition("[")[0] in {"a", "loop"}:
            raise self.error


class Blocking(SilentListener):
    def __init__(self) -> None:
        self.end = threading.Event()

    def task_started(self, key: str, attempt: int) -> None:
        os.kill(os.getpid(), signal.SIGTERM)
        self.end.wait(20)


def record(project: Any) -> dict[str, Any]:
    return json.loads((project.root / ".lakewright/runs/latest/summary.json").read_text())


def test_an_error_in_the_listener_fails_one_task_and_the_run_continues(jobs: Any, statuses: Any) -> None:
    bundle = jobs.bundle(jobs.task("a"), jobs.task("b", after=("a",), run_if="ALL_DONE"))
    summary = jobs.run_bundle(bundle, listener=Raising(RuntimeError("no terminal")))
    assert statuses(summary) == {"a": "failed", "b": "success"}
    assert "no terminal" in (summary.tasks["a"].reason or "")


def test_a_listener_that_leaves_ends_the_run_and_every_task(jobs: Any) -> None:
    bundle = jobs.bundle(jobs.task("a"), jobs.task("b", after=("a",)))
    with pytest.raises(SystemExit):
        jobs.run_bundle(bundle, listener=Raising(SystemExit(1)))
    written = record(jobs)
    assert written["status"] == "failed"
    assert "SystemExit(1)" in written["reason"]
    assert [(task["key"], task["status"]) for task in written["tasks"]] == [("a", "failed"), ("b", "skipped")]


def test_a_listener_that_leaves_inside_a_loop_ends_the_run(jobs: Any) -> None:
    inner = jobs.task("each")
    inner.pop("depends_on")
    task = {"task_key": "loop", "for_each_task": {"inputs": "[1, 2, 3]", "concurrency": 2, "task": inner}}
    with pytest.raises(SystemExit):
        jobs.run_bundle(jobs.bundle(task), listener=Raising(SystemExit(1)))
    assert record(jobs)["status"] == "failed"


def test_an_interrupted_run_gives_up_a_task_that_does_not_end(
    jobs: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lakewright.runner.scheduling.job._GRACE_SECONDS", 0.3)
    listener = Blocking()
    try:
        summary = jobs.run_bundle(jobs.bundle(jobs.task("a")), listener=listener)
    finally:
        listener.end.set()
    assert summary.status == "interrupted"
    assert "but still running" in (summary.tasks["a"].reason or "")


RUNNER = """
import sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from rich.console import Console
from runner_fixture import Project
from lakewright.runner.shown.plain_progress import PlainProgress
from lakewright.runner.run_job import run_job
project = Project(Path(sys.argv[2]))
tasks = [project.task(f"t{n}", "pass", after=[f"t{n - 1}"] if n else []) for n in range(6)]
run_job(project.bundle(*tasks), "main", listener=PlainProgress(Console()))
"""


def test_a_run_whose_output_is_closed_ends(project: Any, tmp_path: Path) -> None:
    modules = tmp_path / "modules"
    modules.mkdir()
    (modules / "runner_fixture.py").write_text((Path(__file__).parent.parent / "conftest.py").read_text())
    process = subprocess.Popen(
        [sys.executable, "-c", RUNNER, str(modules), str(project.root)], stdout=subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        assert b"job main" in process.stdout.readline()
        process.stdout.close()
        assert process.wait(30) == 1
    finally:
        process.kill()
        process.wait()
    assert record(project)["status"] == "failed"
