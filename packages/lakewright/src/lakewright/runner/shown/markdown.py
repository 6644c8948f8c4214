"""A run's record as Markdown: the page of a CI run shows it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from databricks_utils.markdown import cell, escaped, paragraphs, table
from lakewright.runner.shown.model_table import gate_refusal
from lakewright.runner.shown.task_table import branches

_ACCOUNTING = ("source", "landed", "bronze", "silver", "updated", "quarantined", "duplicates", "superseded")
_SIGNS = {"success": "✅", "skipped": "⏭️", "cloud": "☁️"}


def markdown_of(record: Mapping[str, Any]) -> str:
    """Return a run as Markdown: its status, the tasks, the rows, the model, and why tasks failed.

    Args:
        record: The content of `summary.json`.
    """
    return "\n".join(_lines(record)).rstrip("\n")


def _lines(record: Mapping[str, Any]) -> Iterator[str]:
    status = str(record.get("status"))
    reason = f": {_text(record['reason'])}" if record.get("reason") else ""
    yield f"## {_sign(status)} {_text(record.get('job'))}: {_text(status.replace('_', ' '))}{reason}"
    yield ""
    yield f"Run {_text(record.get('run_id'))}, commit {_text(record.get('git_sha'))}, environment {_text(record.get('environment'))}."
    yield ""
    tasks = {str(task["key"]): task for task in record.get("tasks") or ()}
    if tasks:
        yield from table(["task", "status", "seconds", "rows in", "rows out", "note"], _task_rows(tasks))
    if accounting := record.get("accounting"):
        yield from ("### Rows", "")
        yield from table(
            [*_ACCOUNTING], [[_number(entry.get(name)) for name in _ACCOUNTING] for entry in accounting]
        )
    if model := record.get("model"):
        yield from _model(model)
    yield from _failures(tasks)


def _task_rows(tasks: Mapping[str, Mapping[str, Any]]) -> list[list[str]]:
    return [_task_row(branch.name, branch.depth, tasks[branch.key]) for branch in branches(tasks)]


def _task_row(name: str, depth: int, task: Mapping[str, Any]) -> list[str]:
    status, seconds = str(task.get("status")), task.get("seconds")
    return [
        "&nbsp;&nbsp;" * depth + _text(name),
        f"{_sign(status)} {_text(status)}",
        f"{seconds:.1f}" if isinstance(seconds, int | float) else "",
        _number(task.get("rows_in")),
        _number(task.get("rows_out")),
        cell(task.get("reason")),
    ]


def _model(model: Mapping[str, Any]) -> Iterator[str]:
    gate = model.get("gate")
    yield from ("### Model", "")
    yield from paragraphs(f"{model.get('name')} version {model.get('version')}")
    if refusal := gate_refusal(model):
        yield from (f"❌ **{_text(refusal)}**", "")
    elif isinstance(gate, Mapping):
        yield from (f"✅ the gate: {_text(gate.get('verdict') or 'passed')}", "")
    checks = gate.get("checks") if isinstance(gate, Mapping) else None
    if checks:
        rows = [
            [
                "✅" if each.get("passed") else "❌",
                _text(each.get("name")),
                cell(each.get("detail") or f"{each.get('observed')}, required {each.get('required')}"),
            ]
            for each in checks
            if isinstance(each, Mapping)
        ]
        yield from table(["", "check", "found"], rows)
    if metrics := model.get("metrics"):
        yield from table(
            ["metric", "value"], [[_text(name), _number(value)] for name, value in metrics.items()]
        )


def _failures(tasks: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    for key, task in tasks.items():
        error = task.get("error")
        if not isinstance(error, Mapping):
            continue
        yield from (f"### {_text(key)}", "")
        yield from paragraphs(str(error.get("summary")))
        found = [
            f"- {name}: {cell(error[name])}" for name in ("location", "detail", "fix") if error.get(name)
        ]
        yield from (*found, "") if found else ()


def _sign(status: str) -> str:
    return _SIGNS.get(status, "⚠️" if status == "success_with_failures" else "❌")


def _number(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return _text(value if value is not None else "")
    return f"{value:,}" if isinstance(value, int) else f"{value:.4f}"


def _text(value: Any) -> str:
    return escaped(str(value))
