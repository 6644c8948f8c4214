"""Progress and report, as text."""

import io
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from lakewright.runner.record.result import Standing, Status, TaskResult
from lakewright.runner.run_job import run_job
from lakewright.runner.shown.live_progress import LiveProgress
from lakewright.runner.shown.plain_progress import PlainProgress
from lakewright.runner.shown.report import print_report

pytestmark = pytest.mark.unit


def console(*, terminal: bool = False) -> tuple[Console, io.StringIO]:
    text = io.StringIO()
    return Console(file=text, force_terminal=terminal, width=120, color_system=None), text


def test_plain_progress_is_one_line_for_each_event() -> None:
    screen, text = console()
    progress = PlainProgress(screen)
    progress.run_started("1", "main", ("a",))
    progress.task_started("a", 1)
    failed = TaskResult(Status.FAILED, Standing.FAILED, "no [bold]luck[/bold]", seconds=1.25)
    progress.attempt_failed("a", failed, 2)
    progress.task_started("a", 2)
    progress.task_ended(
        "a", TaskResult(Status.SUCCESS, Standing.SUCCEEDED, seconds=2, report={"rows_in": 1200})
    )
    assert text.getvalue().splitlines() == [
        "run 1: job main, 1 task(s)",
        "a: started",
        "a: attempt 1 failed: no [bold]luck[/bold]; retry in 2 s",
        "a: started (attempt 2)",
        "a: ok  2.0 s  rows 1,200 → ?",
    ]


def test_each_task_that_still_runs_is_printed_once_an_interval() -> None:
    screen, text = console()
    now = [0.0]
    progress = PlainProgress(screen, clock=lambda: now[0])
    printed: dict[float, list[str]] = {}

    def at(moment: float) -> None:
        now[0] = moment
        before = len(text.getvalue())
        progress.print_running()
        printed[moment] = text.getvalue()[before:].splitlines()

    progress.task_started("a", 1)
    at(59)
    now[0] = 50
    progress.task_started("b", 1)
    for moment in (61, 62, 110.5, 305):  # the machine slept for a while
        at(moment)
    progress.task_ended("a", TaskResult(Status.SUCCESS, Standing.SUCCEEDED, seconds=305))
    progress.attempt_failed("b", TaskResult(Status.FAILED, Standing.FAILED, "no luck"), 100)
    at(400)
    progress.task_started("b", 2)
    at(460)
    assert printed == {
        59: [],
        61: ["a: running, 60 s"],
        62: [],
        110.5: ["b: running, 60 s"],
        305: ["a: running, 300 s", "b: running, 240 s"],
        400: [],
        460: ["b: running, 60 s"],
    }


def test_running_tasks_are_printed_until_the_block_ends(project: Any) -> None:
    screen, text = console()
    code = """
    import pathlib, time
    while not pathlib.Path("seen").exists():
        time.sleep(0.02)
    """
    seen = project.root / "notebooks" / "seen"

    class Watching(PlainProgress):
        def print_running(self) -> None:
            super().print_running()
            if "a: running, " in text.getvalue():
                seen.touch()

    progress = Watching(screen, interval=0.05)
    with progress.shown():
        assert run_job(project.bundle(project.task("a", code)), "main", listener=progress).status == "success"
    assert "still-running" not in {thread.name for thread in threading.enumerate()}
    assert text.getvalue().splitlines()[-1].startswith("a: ok")


def test_a_line_that_cannot_be_written_is_raised_at_the_next_event_of_the_run() -> None:
    class Full(io.StringIO):
        def write(self, text: str) -> int:
            if "running" in text:
                raise OSError("no space left")
            return super().write(text)

    progress = PlainProgress(Console(file=Full()), interval=0.01)
    with progress.shown():
        progress.task_started("a", 1)
        while any(thread.name == "still-running" for thread in threading.enumerate()):
            time.sleep(0.01)
        with pytest.raises(OSError, match="no space left"):
            progress.task_ended("a", TaskResult(Status.SUCCESS, Standing.SUCCEEDED))


def test_the_live_table_shows_waiting_running_and_ended_tasks() -> None:
    screen, text = console(terminal=True)
    progress = LiveProgress(screen)
    with progress.shown():
        progress.run_started("1", "main", ("a", "b", "c"))
        progress.task_started("a", 1)
        progress.task_ended("b", TaskResult(Status.CLOUD, Standing.BLOCKED, "a pipeline", executed=False))
    for word in ("waiting", "running", "CLOUD", "a pipeline"):
        assert word in text.getvalue()


def test_the_report_ends_with_the_failure_its_place_and_what_to_do(project: Any) -> None:
    good = project.task(
        "good",
        """
        from databricks_utils.observability import report_accounting, report_model
        report_accounting("flights", landed=1200, silver=1100, superseded=77)
        report_model("c.s.m", version=3, aliases=["champion"], metrics={"auc": 0.71234}, gate={"passed": False, "reasons": ["too low"]})
        """,
    )
    summary = run_job(project.bundle(good, project.task("bad", "open('/nowhere/x')", after=["good"])), "main")
    screen, text = console()
    print_report(screen, summary, project=Path(project.root))
    shown = text.getvalue()
    for words in (
        "1,200",
        "superseded",
        "77",
        "c.s.m version 3 (aliases: champion)",
        "0.7123",
        "refused: too low",
        "bad: FileNotFoundError",
        "at: notebooks/bad.py:2 (cell 1)",
        "> open('/nowhere/x')",
        "bad.log",
        "lakewright run main --resume",
    ):
        assert words in shown, shown
