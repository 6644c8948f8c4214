"""The report of a run: a tree of tasks that is readable in 80 columns, and commands that go on from there."""

import io
import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from lakewright.runner.handover.problem import Problem
from lakewright.runner.record.result import Standing, Status, TaskResult
from lakewright.runner.record.summary import RunHead, RunSummary
from lakewright.runner.shown.next_steps import next_steps, program
from lakewright.runner.shown.report import print_report
from lakewright.runner.shown.task_table import branches, print_tasks

pytestmark = pytest.mark.unit
LONG = "x" * 100


def ok(**more: Any) -> TaskResult:
    return TaskResult(Status.SUCCESS, Standing.SUCCEEDED, seconds=1.0, **more)


def failed(problem: Problem | None, reason: str) -> TaskResult:
    return TaskResult(Status.FAILED, Standing.FAILED, reason, problem)


def printed(tasks: dict[str, TaskResult], width: int = 80) -> list[str]:
    text = io.StringIO()
    print_tasks(Console(file=text, width=width, color_system=None), tasks)
    return [line.rstrip() for line in text.getvalue().splitlines()]


def summary(tmp_path: Path, tasks: dict[str, TaskResult], status: str = "success") -> RunSummary:
    started = datetime(2026, 1, 1, tzinfo=UTC)
    head = RunHead("1", "main", "dev", "local", {"mode": "connect"}, "unknown", started)
    record = RunSummary(head, tmp_path / "summary.json", tasks=tasks)
    record.status, record.ended_at = status, started + timedelta(seconds=83.25)
    return record


def reported(record: RunSummary, project: Path) -> str:
    text = io.StringIO()
    print_report(Console(file=text, width=80, color_system=None), record, project=project)
    return text.getvalue()


def test_nested_tasks_stand_indented_below_their_parent_though_they_ended_before_it() -> None:
    lines = printed(
        {
            "ingest/load": ok(),
            "ingest": ok(notes=("1 of 1 tasks succeeded",)),
            "train/evaluate/gate": ok(),
            "train/evaluate": ok(),
            "train": ok(),
        }
    )
    names = [line[:12].rstrip() for line in lines[2:]]
    assert names == ["ingest", "  load", "train", "  evaluate", "    gate"]


def test_iterations_stand_in_the_order_of_their_numbers() -> None:
    keys = [f"loop[{number}]" for number in (10, 2, 0)]
    assert [branch.key for branch in branches([*keys, "loop"])] == ["loop", "loop[0]", "loop[2]", "loop[10]"]


def test_a_task_whose_parent_has_not_ended_keeps_its_whole_name() -> None:
    assert [(branch.depth, branch.name) for branch in branches(["train/fit"])] == [(0, "train/fit")]


def test_the_count_of_successful_parts_is_shown_only_if_one_did_not_succeed() -> None:
    assert "succeeded" not in "\n".join(printed({"a": ok(notes=("2 of 2 tasks succeeded",))}))
    assert "1 of 2 tasks succeeded" in "\n".join(printed({"a": ok(notes=("1 of 2 tasks succeeded",))}))


def test_a_note_that_fits_stands_beside_its_task_and_a_long_one_below_the_table_in_one_piece() -> None:
    lines = printed({"a": ok(notes=("short",)), "b": ok(notes=(LONG,))})
    assert lines[2].endswith("short")
    assert lines[-1] == f"  b: {LONG}"
    assert all(len(line) <= 80 for line in lines[:-1])


def test_a_long_reason_of_a_failure_is_shown_only_below_the_table(tmp_path: Path) -> None:
    tasks = {"a": failed(Problem(LONG, fix="first\nsecond"), LONG)}
    assert LONG not in "\n".join(printed(tasks))
    text = reported(summary(tmp_path, tasks, "failed"), tmp_path)
    assert text.count(LONG) == 1
    assert "  fix: first\n       second\n" in text


def test_rows_have_a_column_only_if_a_task_reported_them() -> None:
    assert "rows" not in printed({"a": ok()})[1]
    assert "rows" in printed({"a": ok(report={"rows_in": 3})})[1]


def test_the_seconds_of_the_whole_run_are_shown(tmp_path: Path) -> None:
    assert "main: success, 83.2 s" in reported(summary(tmp_path, {"a": ok()}), tmp_path)


@pytest.fixture
def on_path(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in an environment that was activated."""
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent))


def test_commands_are_shown_as_they_can_be_typed_without_an_activated_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    beside = Path(sys.executable).with_name("lakewright")
    monkeypatch.chdir(beside.parent.parent)
    assert program("lakewright") == f"{beside.parent.name}/lakewright"
    monkeypatch.chdir(tmp_path)
    assert program("lakewright") == str(beside)
    assert program("surely-not-there") == "surely-not-there"


@pytest.mark.usefixtures("on_path")
def test_what_to_try_next_names_a_gold_table_of_the_run_and_its_last_task(tmp_path: Path) -> None:
    tables = [{"name": "c.s_gold.delays", "version": 1}, {"name": "c.s_ops.runs", "version": 1}]
    tasks = {"first": ok(report={"tables": tables}), "job/inner": ok(), "job": ok()}
    commands = [command for command, _ in next_steps(summary(tmp_path, tasks), tmp_path)]
    assert 'lakewright sql "SELECT * FROM c.s_gold.delays LIMIT 10"' in commands
    assert "lakewright run main --only job" in commands
    assert not any("mlflow" in command for command in commands)


@pytest.mark.usefixtures("on_path")
def test_what_to_try_next_names_the_catalog_that_the_run_wrote_to(tmp_path: Path) -> None:
    catalogs = tmp_path / ".lakewright" / "lakehouse" / "_catalog"
    for seconds, schema in enumerate(
        ("workspace/default", "old/s", "main/sales", "main/default", "zz/default")
    ):
        (catalogs / schema).mkdir(parents=True)
        os.utime(catalogs / schema, (seconds, seconds))
    commands = [command for command, _ in next_steps(summary(tmp_path, {"a": ok()}), tmp_path)]
    assert 'lakewright sql "SHOW SCHEMAS IN main"' in commands


@pytest.mark.usefixtures("on_path")
def test_a_lakehouse_without_schemas_of_its_own_is_not_offered(tmp_path: Path) -> None:
    (tmp_path / ".lakewright" / "lakehouse" / "_catalog" / "workspace" / "default").mkdir(parents=True)
    commands = [command for command, _ in next_steps(summary(tmp_path, {"a": ok()}), tmp_path)]
    assert not any("SHOW SCHEMAS" in command for command in commands)


@pytest.mark.usefixtures("on_path")
def test_the_mlflow_command_is_offered_where_there_is_a_store(tmp_path: Path) -> None:
    (tmp_path / ".lakewright").mkdir()
    (tmp_path / ".lakewright/mlflow.db").touch()
    commands = [command for command, _ in next_steps(summary(tmp_path, {"a": ok()}), tmp_path)]
    assert f"mlflow ui --backend-store-uri sqlite:///{tmp_path}/.lakewright/mlflow.db" in commands


def test_a_run_that_needs_a_workspace_does_not_offer_to_resume(tmp_path: Path) -> None:
    cloud = TaskResult(Status.CLOUD, Standing.BLOCKED, "a pipeline", executed=False)
    text = reported(summary(tmp_path, {"a": cloud}, "failed"), tmp_path)
    assert "databricks bundle run -t dev main" in text
    assert "--resume" not in text


def judged(*, refused: bool) -> dict[str, Any]:
    check = {"observed": 0.68, "required": 0.7}
    checks = [
        {**check, "name": "loads and scores", "passed": True, "detail": "900 rows"},
        {**check, "name": "roc_auc", "passed": not refused, "detail": "0.6800, at least 0.7000"},
    ]
    gate = {
        "verdict": "refused" if refused else "passed",
        "champion": {"name": "c.s.m", "version": "2"},
        "checks": checks,
        "champion_metrics": {"roc_auc": 0.71},
    }
    return {
        "name": "c.s.m",
        "version": "3",
        "aliases": ["challenger"],
        "metrics": {"roc_auc": 0.68},
        "gate": gate,
    }


def test_a_refused_model_is_shown_with_the_failed_checks_and_the_figures_of_the_champion(
    tmp_path: Path,
) -> None:
    text = reported(summary(tmp_path, {"gate": ok(report={"model": judged(refused=True)})}), tmp_path)
    lines = [line.strip() for line in text.splitlines()]
    assert "gate       refused against version 2" in lines
    assert lines.index("NO roc_auc: 0.6800, at least 0.7000") < lines.index("ok loads and scores: 900 rows")
    assert "champion   roc_auc 0.7100" in lines
    refusal = "the gate refused c.s.m version 3: roc_auc 0.6800, at least 0.7000"
    verdict = lines.index(f"{refusal}; the champion is still version 2 (roc_auc 0.7100)")
    assert lines[verdict - 1].startswith("main: success")


def test_a_model_that_passed_has_no_line_of_refusal(tmp_path: Path) -> None:
    text = reported(summary(tmp_path, {"gate": ok(report={"model": judged(refused=False)})}), tmp_path)
    assert "passed against version 2" in text
    assert "the gate refused" not in text


@pytest.mark.parametrize(
    ("gate", "rows"),
    [
        ("passed", ["gate   passed"]),
        ({"passed": False, "reasons": ["too low"]}, ["gate   refused: too low"]),
        ({}, []),
        (None, []),
    ],
)
def test_other_forms_of_a_gate_are_shown_as_they_are(tmp_path: Path, gate: Any, rows: list[str]) -> None:
    model = {"name": "c.s.m", "version": None, "gate": gate}
    text = reported(summary(tmp_path, {"train": ok(report={"model": model})}), tmp_path)
    assert [line.strip() for line in text.splitlines() if line.startswith("gate")] == rows
