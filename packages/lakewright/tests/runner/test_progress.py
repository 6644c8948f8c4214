"""Progress and report, as text."""

import io
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from lakewright.runner.progress import LiveProgress, PlainProgress
from lakewright.runner.results import Status, TaskResult
from lakewright.runner.run import run_job
from lakewright.runner.run_report import print_report
from lakewright.runner.scheduler import Standing

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
        "a: attempt 1 failed: no [bold]luck[/bold]; again in 2 s",
        "a: started (attempt 2)",
        "a: ok  2.0 s  rows 1,200 → ?",
    ]


def test_the_living_table_shows_waiting_running_and_ended_tasks() -> None:
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
        report_accounting("flights", landed=1200, silver=1100)
        report_model("c.s.m", version=3, aliases=["champion"], metrics={"auc": 0.71234}, gate={"passed": False, "reasons": ["too low"]})
        """,
    )
    summary = run_job(project.bundle(good, project.task("bad", "open('/nowhere/x')", after=["good"])), "main")
    screen, text = console()
    print_report(screen, summary, project=Path(project.root))
    shown = text.getvalue()
    for words in (
        "1,200",
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
