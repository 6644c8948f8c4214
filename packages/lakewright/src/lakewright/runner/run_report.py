"""What a person reads when a run has ended: tasks, rows, model, places, and what to do next."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Literal

from rich.console import Console
from rich.table import Table
from rich.text import Text

from lakewright.runner.progress import rows_text, status_text
from lakewright.runner.results import Status, TaskResult
from lakewright.runner.summary import RunSummary
from lakewright.runner.task_spec import Problem

_WRAPPED = ("note", "value")
_STYLES = {"success": "bold green", "success_with_failures": "bold yellow"}


def print_report(console: Console, summary: RunSummary, *, project: Path) -> None:
    """Print the whole report."""
    console.print()
    console.print(_tasks(summary.tasks))
    if summary.accounting:
        console.print()
        console.print(_accounting(summary.accounting))
    if summary.model:
        console.print()
        console.print(_model(summary.model))
    console.print()
    _print_places(console, summary, project)
    _print_failures(console, summary)
    _print_verdict(console, summary)


def _tasks(tasks: Mapping[str, TaskResult]) -> Table:
    table = _table("tasks", "task", "status", "seconds", "rows in → out", "note", right=("seconds",))
    for key, result in tasks.items():
        note = "; ".join(part for part in (result.reason, *result.notes) if part)
        attempts = f"attempt {result.attempt}; " if result.attempt > 1 else ""
        seconds = f"{result.seconds:.1f}" if result.executed else ""
        table.add_row(Text(key), status_text(result), seconds, rows_text(result), Text(attempts + note))
    return table


def _accounting(entries: Iterable[Mapping[str, Any]]) -> Table:
    columns = ("source", "landed", "bronze", "silver", "updated", "quarantined", "duplicates")
    table = _table("row accounting", *columns, right=columns[1:])
    for entry in entries:
        table.add_row(*[_number(entry.get(column)) for column in columns])
    return table


def _model(model: Mapping[str, Any]) -> Table:
    table = _table("model", "what", "value")
    aliases = ", ".join(model.get("aliases") or []) or "none"
    table.add_row("name", Text(f"{model.get('name')} version {model.get('version')} (aliases: {aliases})"))
    for name, value in (model.get("metrics") or {}).items():
        table.add_row(Text(str(name)), f"{value:.4f}" if isinstance(value, float) else Text(str(value)))
    if model.get("gate") is not None:
        table.add_row("gate", Text(_gate(model["gate"])))
    return table


def _gate(gate: Any) -> str:
    if isinstance(gate, Mapping):
        verdict = gate.get("verdict") or ("passed" if gate.get("passed") else "refused")
        reasons = gate.get("reasons") or []
        return f"{verdict}" + (": " + "; ".join(map(str, reasons)) if reasons else "")
    return str(gate)


def _print_places(console: Console, summary: RunSummary, project: Path) -> None:
    state = project / ".lakewright"
    places = {
        "tables": state / "lakehouse",
        "MLflow store": state / "mlflow.db",
        "record": summary.path,
        "logs": summary.path.parent,
    }
    for what, path in places.items():
        if path.exists():
            console.print(Text(f"{what:>12}  {_short(path)}"), soft_wrap=True)
    engine = summary.head.engine
    facts = ", ".join(f"{name} {engine[name]}" for name in ("spark", "java") if engine.get(name))
    console.print(
        Text(f"{'executed by':>12}  the local engine ({engine.get('mode')}{', ' + facts if facts else ''})")
    )


def _print_failures(console: Console, summary: RunSummary) -> None:
    parents = {key.rpartition("/")[0] for key in summary.tasks} | {
        key.partition("[")[0] for key in summary.tasks if "[" in key
    }
    for key, result in summary.tasks.items():
        if result.status not in {Status.FAILED, Status.CONFIG} or result.problem is None or key in parents:
            continue
        problem = result.problem
        console.print()
        console.print(Text(f"{key}: {problem.summary}", "bold red"), soft_wrap=True)
        for line in _problem_lines(problem):
            console.print(line, soft_wrap=True)
        if result.log is not None:
            console.print(Text(f"  log: {_short(result.log)}"), soft_wrap=True)


def _problem_lines(problem: Problem) -> list[Text]:
    lines = [Text(f"  at: {problem.location}")] if problem.location else []
    lines += [Text(f"  {line}") for line in (problem.detail or "").splitlines()]
    lines += [Text(f"  mend: {problem.mend}", "green")] if problem.mend else []
    return lines + ([Text(f"  docs: {problem.docs}")] if problem.docs else [])


def _print_verdict(console: Console, summary: RunSummary) -> None:
    console.print()
    words = summary.status.replace("_", " ") + (f": {summary.reason}" if summary.reason else "")
    console.print(
        Text(f"{summary.head.job}: {words}", _STYLES.get(summary.status, "bold red")), soft_wrap=True
    )
    if summary.status in {"failed", "interrupted", "success_with_failures"}:
        console.print(Text(f"  after mending:  lakewright run {summary.head.job} --resume"), soft_wrap=True)


def _table(title: str, *columns: str, right: tuple[str, ...] = ()) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", show_edge=False, pad_edge=False)
    for column in columns:
        justify: Literal["left", "right"] = "right" if column in right else "left"
        table.add_column(column, justify=justify, overflow="fold", no_wrap=column not in _WRAPPED)
    return table


def _number(value: Any) -> str | Text:
    if value is None:
        return ""
    return f"{value:,}" if isinstance(value, int) else Text(str(value))


def _short(path: Path) -> str:
    relative = os.path.relpath(path)
    return str(path) if relative.startswith("../..") else relative
