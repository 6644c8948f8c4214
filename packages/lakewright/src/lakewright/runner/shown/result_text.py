"""Results in words: the status of a task, and the rows that it read and wrote."""

from __future__ import annotations

from rich.text import Text

from lakewright.runner.record.result import Status, TaskResult

_WORDS = {
    Status.SUCCESS: ("ok", "green"),
    Status.FAILED: ("FAILED", "bold red"),
    Status.SKIPPED: ("skipped", "yellow"),
    Status.CLOUD: ("CLOUD", "yellow"),
    Status.CONFIG: ("CONFIG", "bold red"),
}


def status_text(result: TaskResult) -> Text:
    """The status as a coloured word; `reused` for a result of the resumed run."""
    word, style = _WORDS[result.status]
    return Text("reused", "green") if result.reused_from else Text(word, style)


def rows_text(result: TaskResult) -> str:
    """`in → out`; empty if the task reported no rows."""
    rows = [result.report.get("rows_in"), result.report.get("rows_out")]
    if rows == [None, None]:
        return ""
    return " → ".join("?" if count is None else f"{count:,}" for count in rows)
