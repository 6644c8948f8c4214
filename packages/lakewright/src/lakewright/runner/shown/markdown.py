"""A run's record as Markdown: the page of a CI run shows it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from lakewright.runner.shown.model_table import gate_refusal
from lakewright.runner.shown.task_table import branches

_ACCOUNTING = ("source", "landed", "bronze", "silver", "updated", "quarantined", "duplicates", "superseded")
_SIGNS = {"success": "✅", "skipped": "⏭️", "cloud": "☁️"}
_NOT_TEXT = str.maketrans(
    {
        "\\": "\\\\",
        "|": "\\|",
        "`": "\\`",
        "<": "&lt;",
        ">": "&gt;",
        "[": "\\[",
        "]": "\\]",
        "*": "\\*",
        "_": "\\_",
    }
    | dict.fromkeys("\r\n", " ")
)


def markdown_of(record: Mapping[str, Any]) -> str:
    """Return a run as Markdown: its status, the tasks, the rows, the model, and why tasks failed.

    Args:
        record: The content of `summary.json`.
    """
    return "\n".join(_lines(record))


def _lines(record: Mapping[str, Any]) -> Iterator[str]:
    status = str(record.get("status"))
    reason = f": {_text(record['reason'])}" if record.get("reason") else ""
    yield f"## {_sign(status)} {_text(record.get('job'))}: {_text(status.replace('_', ' '))}{reason}"
    yield ""
    yield f"Run {_text(record.get('run_id'))}, commit {_text(record.get('git_sha'))}, environment {_text(record.get('environment'))}."
    tasks = {str(task["key"]): task for task in record.get("tasks") or ()}
    if tasks:
        yield from _table(("task", "status", "seconds", "rows in", "rows out", "note"), _task_rows(tasks))
    if accounting := record.get("accounting"):
        yield "\n### Rows"
        yield from _table(
            _ACCOUNTING, ([_number(entry.get(name)) for name in _ACCOUNTING] for entry in accounting)
        )
    if model := record.get("model"):
        yield from _model(model)
    yield from _failures(tasks)


def _task_rows(tasks: Mapping[str, Mapping[str, Any]]) -> Iterator[list[str]]:
    for branch in branches(tasks):
        task = tasks[branch.key]
        status, seconds = str(task.get("status")), task.get("seconds")
        yield [
            "&nbsp;&nbsp;" * branch.depth + _text(branch.name),
            f"{_sign(status)} {_text(status)}",
            f"{seconds:.1f}" if isinstance(seconds, int | float) else "",
            _number(task.get("rows_in")),
            _number(task.get("rows_out")),
            _text(task.get("reason") or ""),
        ]


def _model(model: Mapping[str, Any]) -> Iterator[str]:
    gate = model.get("gate")
    yield "\n### Model"
    yield ""
    yield f"{_text(model.get('name'))} version {_text(model.get('version'))}"
    if refusal := gate_refusal(model):
        yield f"\n❌ **{_text(refusal)}**"
    elif isinstance(gate, Mapping):
        yield f"\n✅ the gate: {_text(gate.get('verdict') or 'passed')}"
    checks = gate.get("checks") if isinstance(gate, Mapping) else None
    if checks:
        rows = (
            [
                "✅" if each.get("passed") else "❌",
                _text(each.get("name")),
                _text(each.get("detail") or f"{each.get('observed')}, required {each.get('required')}"),
            ]
            for each in checks
            if isinstance(each, Mapping)
        )
        yield from _table(("", "check", "found"), rows)
    if metrics := model.get("metrics"):
        yield from _table(
            ("metric", "value"), ([_text(name), _number(value)] for name, value in metrics.items())
        )


def _failures(tasks: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    for key, task in tasks.items():
        error = task.get("error")
        if not isinstance(error, Mapping):
            continue
        yield f"\n### {_text(key)}"
        yield ""
        yield _text(error.get("summary"))
        for name in ("location", "detail", "fix"):
            if error.get(name):
                yield f"- {name}: {_text(error[name])}"


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    columns = list(head)
    yield ""
    yield f"| {' | '.join(columns)} |"
    yield f"|{'|'.join(' --- ' for _ in columns)}|"
    for row in rows:
        yield f"| {' | '.join(row)} |"


def _sign(status: str) -> str:
    return _SIGNS.get(status, "⚠️" if status == "success_with_failures" else "❌")


def _number(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return _text(value if value is not None else "")
    return f"{value:,}" if isinstance(value, int) else f"{value:.4f}"


def _text(value: Any) -> str:
    """Return a text that Markdown shows as it is: what a task reports can be anything."""
    return str(value).translate(_NOT_TEXT)
