"""A run as Markdown, for the page of a CI run."""

import json

import pytest
from click.testing import CliRunner

from lakewright.cli import cli
from lakewright.runner.record.read_back import NoRecordError, read_record
from lakewright.runner.shown.markdown import markdown_of

pytestmark = pytest.mark.unit

RECORD = {
    "run_id": "20261127-1",
    "job": "main_pipeline",
    "environment": "local",
    "git_sha": "abc",
    "status": "failed",
    "reason": "one task failed",
    "tasks": [
        {"key": "ingestion", "status": "success", "seconds": 1.25, "rows_in": 1200, "rows_out": 1100},
        {
            "key": "ingestion/load",
            "status": "failed",
            "seconds": 0.5,
            "reason": "a | b\n`$(touch x)` <script>",
            "error": {"summary": "no file", "location": "src/a.py:3", "fix": "add it"},
        },
    ],
    "accounting": [{"source": "flights", "landed": 1200, "bronze": 1200, "silver": 1100, "quarantined": 100}],
    "model": {
        "name": "m",
        "version": "3",
        "metrics": {"auc": 0.71234},
        "gate": {
            "verdict": "refused",
            "champion": {"version": "2"},
            "checks": [{"name": "uplift", "passed": False, "detail": "0.001, required 0.01"}],
        },
    },
}


def test_tasks_rows_the_models_verdict_and_the_reason_of_a_failure_are_shown():
    shown = markdown_of(RECORD)
    assert shown.startswith("## ❌ main_pipeline: failed: one task failed\n")
    assert "| ingestion | ✅ success | 1.2 | 1,200 | 1,100 |  |" in shown
    assert (
        "| source | landed | bronze | silver | quarantined |\n| --- | --- | --- | --- | --- |\n| flights | 1,200 | 1,200 | 1,100 | 100 |"
        in shown
    )
    assert (
        "**the gate refused m version 3: uplift 0.001, required 0.01; the champion is still version 2**"
        in shown
    )
    assert "| ❌ | uplift | 0.001, required 0.01 |" in shown
    assert "| auc | 0.7123 |" in shown
    assert "- location: src/a.py:3\n- fix: add it" in shown


def test_a_text_of_a_task_cannot_leave_its_cell():
    row = next(line for line in markdown_of(RECORD).splitlines() if "load" in line and line.startswith("|"))
    assert "a &#124; b<br>&#96;&#36;(touch x)&#96; &#60;script>" in row
    assert row.count("|") == 7


def test_a_run_without_rows_and_model_has_no_empty_sections():
    shown = markdown_of(
        {**RECORD, "status": "success", "reason": None, "tasks": [], "accounting": [], "model": None}
    )
    assert shown.splitlines()[0] == "## ✅ main_pipeline: success"
    assert "###" not in shown


def test_a_model_that_passed_is_shown_as_passed():
    shown = markdown_of(
        {**RECORD, "model": {"name": "m", "version": 1, "gate": {"verdict": "passed", "checks": []}}}
    )
    assert "✅ the gate: passed" in shown


def test_the_command_prints_the_last_run_and_one_by_its_id(tmp_path, monkeypatch):
    (tmp_path / "databricks.yml").write_text("bundle: {name: shop}\n")
    runs = tmp_path / ".lakewright" / "runs"
    (runs / "1").mkdir(parents=True)
    (runs / "1" / "summary.json").write_text(json.dumps(RECORD))
    (runs / "latest").symlink_to("1")
    monkeypatch.chdir(tmp_path)
    last = CliRunner().invoke(cli, ["summary"])
    assert last.output.startswith("## ❌ main")
    assert CliRunner().invoke(cli, ["summary", "1"]).output == last.output


@pytest.mark.parametrize(
    ("run", "words", "fix"),
    [
        (None, "nothing has been run here yet", "lakewright run main_pipeline"),
        ("7", "there is no run 7", "see the folders"),
        ("../x", "is no id of a run", "see the folders"),
    ],
)
def test_a_run_that_is_not_there_is_named(tmp_path, run, words, fix):
    with pytest.raises(NoRecordError, match=words) as refused:
        read_record(tmp_path / ".lakewright", run)
    assert fix in refused.value.fix


@pytest.mark.parametrize("content", ["{", "[]"])
def test_a_record_that_cannot_be_read_is_named(tmp_path, content):
    folder = tmp_path / "runs" / "1"
    folder.mkdir(parents=True)
    (folder / "summary.json").write_text(content)
    with pytest.raises(NoRecordError) as refused:
        read_record(tmp_path, "1")
    assert refused.value.fix == "run the job again"
