"""`lakewright clean`: what it removes and what stays."""

import json
import subprocess
import sys

import pytest
from click.testing import CliRunner

from lakewright.commands.clean import command
from lakewright.engine.errors import EngineBusyError
from lakewright.runner.record.run_lock import RunInProgressError

pytestmark = pytest.mark.unit

HOLD = """
import sys
from pathlib import Path
from lakewright.engine import locks
with locks.exclusive(Path(sys.argv[1]), timeout=0):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def state(tmp_path, monkeypatch):
    """The `.lakewright` folder of a project that has run, without an engine."""
    (tmp_path / "databricks.yml").write_text("bundle: {name: p}\n")
    folder = tmp_path / ".lakewright"
    for name in ("runs/20260101T000000", "lakehouse/tables/t", "artifacts"):
        (folder / name).mkdir(parents=True)
    (folder / "mlflow.db").write_text("models")
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "mine.py").write_text("1\n")
    monkeypatch.chdir(tmp_path)
    return folder


def clean(*arguments, answer=None):
    return CliRunner().invoke(command, arguments, input=answer)


def left(folder):
    return {path.name for path in folder.iterdir() if not path.name.endswith(".lock")}


def test_one_kind_of_files_is_removed_and_the_others_stay(state):
    assert clean("--runs", "--yes").exit_code == 0
    assert left(state) == {"lakehouse", "artifacts", "mlflow.db"}


def test_two_kinds_of_files_are_removed_together(state):
    clean("--tables", "--mlflow", "--yes")
    assert left(state) == {"runs"}


def test_all_files_of_runs_are_removed_and_the_project_stays(state):
    assert clean("--yes").exit_code == 0
    assert not state.exists()
    assert (state.parent / "src" / "mine.py").exists()


def test_the_record_of_a_killed_run_is_corrected_when_it_stays(state):
    record = state / "runs" / "20260101T000000" / "summary.json"
    record.write_text('{"status": "running", "job": "main"}')
    assert clean("--tables", "--yes").exit_code == 0
    left_behind = json.loads(record.read_text())
    assert (left_behind["status"], left_behind["job"]) == ("killed", "main")


def test_without_confirmation_nothing_is_removed(state):
    before = left(state)
    assert clean(answer="n\n").exit_code == 1
    assert left(state) == before


@pytest.mark.parametrize(
    ("lock", "error", "summary", "fix"),
    [
        (
            "run.lock",
            RunInProgressError,
            "a run of this project is under way",
            "wait for it, or end it: kill {pid}",
        ),
        (
            "engine.start.lock",
            EngineBusyError,
            "an engine is starting",
            "wait until it runs, then clean again",
        ),
    ],
)
def test_nothing_is_removed_during_a_run_or_an_engines_start(state, lock, error, summary, fix):
    before = left(state)
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(state / lock)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert holder.stdout.readline() == "held\n"
        refused = clean("--yes").exception
    finally:
        holder.communicate()
    assert isinstance(refused, error)
    assert refused.summary.startswith(summary)
    assert refused.fix == fix.format(pid=holder.pid)
    assert left(state) == before
