"""Reports of tasks: lines in the runner's file, or of the log."""

import json
import logging
from pathlib import Path

import pytest

from databricks_utils.observability import report_accounting, report_model, report_note, report_rows
from databricks_utils.observability.run_report import REPORT_VARIABLE

pytestmark = pytest.mark.unit


def test_each_report_is_one_line_of_the_file_that_the_runner_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "report.jsonl"
    monkeypatch.setenv(REPORT_VARIABLE, str(file))
    report_rows(rows_in=3, rows_out=2, tables={"c.s.t": 4})
    report_accounting("flights", landed=3, silver=2)
    report_model("c.s.m", version=1, aliases=("champion",), metrics={"auc": 0.5}, gate={"passed": True})
    report_note("nothing delivered yet")
    report_note("")
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert [line["kind"] for line in lines] == ["rows", "accounting", "model", "note"]
    assert lines[3]["text"] == "nothing delivered yet"
    assert lines[0]["tables"] == [{"name": "c.s.t", "version": 4}]
    assert lines[1]["bronze"] is None
    assert lines[2]["version"] == "1"


def test_without_a_runner_a_report_is_a_line_of_the_log_and_no_file(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv(REPORT_VARIABLE, raising=False)
    monkeypatch.chdir(tmp_path)
    with caplog.at_level(logging.INFO, logger="databricks_utils.observability.run_report"):
        report_rows(rows_in=1, tables=["c.s.t"])
    assert '"rows_in": 1' in caplog.text
    assert list(tmp_path.iterdir()) == []
