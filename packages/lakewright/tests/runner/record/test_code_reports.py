"""What the project's code reported: the lines of a task's file, collected."""

from pathlib import Path

import pytest

from databricks_utils.observability import report_note, report_rows
from databricks_utils.observability.run_report import REPORT_VARIABLE
from lakewright.runner.record.code_reports import read_report

pytestmark = pytest.mark.unit


def test_the_notes_of_a_task_are_kept_in_their_order_beside_its_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(REPORT_VARIABLE, str(tmp_path / "report.jsonl"))
    report_note("nothing delivered yet")
    report_rows(rows_in=1)
    report_note("second")
    found = read_report(tmp_path / "report.jsonl")
    assert (found["notes"], found["rows_in"]) == (["nothing delivered yet", "second"], 1)


def test_a_task_that_reported_nothing_has_no_notes(tmp_path: Path) -> None:
    assert read_report(tmp_path / "none.jsonl")["notes"] == []
