"""The report at the end of a run: tasks, rows, model, places, failures, next commands."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from lakewright.runner.handover.problem import Problem
from lakewright.runner.record.result import Status
from lakewright.runner.record.summary import RunSummary
from lakewright.runner.shown.model_table import gate_refusal, model_table
from lakewright.runner.shown.next_steps import next_steps, program
from lakewright.runner.shown.task_table import plain_table, print_tasks

_STYLES = {"success": "bold green", "success_with_failures": "bold yellow"}


def print_report(console: Console, summary: RunSummary, *, project: Path) -> None:
    """Print the whole report."""
    console.print()
    print_tasks(console, summary.tasks)
    if summary.accounting:
        console.print()
        console.print(_accounting(summary.accounting))
    if summary.model:
        console.print()
        console.print(model_table(summary.model))
    console.print()
    _print_places(console, summary, project)
    _print_failures(console, summary)
    _print_verdict(console, summary, project)


def _accounting(entries: Iterable[Mapping[str, Any]]) -> Table:
    columns = ("source", "landed", "bronze", "silver", "updated", "quarantined", "duplicates", "superseded")
    table = plain_table("row accounting", *columns, right=columns[1:])
    for entry in entries:
        table.add_row(*[_number(entry.get(column)) for column in columns])
    return table


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
    if problem.fix:
        lines.append(Text("  fix: " + problem.fix.replace("\n", "\n       "), "green"))
    return lines + ([Text(f"  docs: {problem.docs}")] if problem.docs else [])


def _print_verdict(console: Console, summary: RunSummary, project: Path) -> None:
    console.print()
    words = summary.status.replace("_", " ") + (f": {summary.reason}" if summary.reason else "")
    if summary.ended_at is not None:
        words += f", {(summary.ended_at - summary.head.started_at).total_seconds():.1f} s"
    console.print(
        Text(f"{summary.head.job}: {words}", _STYLES.get(summary.status, "bold red")), soft_wrap=True
    )
    if refusal := gate_refusal(summary.model):
        console.print(Text(refusal, "bold yellow"), soft_wrap=True)
    if summary.status != "success":
        for line in _what_now(summary):
            console.print(Text(f"  {line}"), soft_wrap=True)
        return
    console.print(Text("\ntry next:"))
    for command, shows in next_steps(summary, project):
        console.print(Text(f"  {command}"), Text(f"  # {shows}", "dim"), sep="", soft_wrap=True)


def _what_now(summary: RunSummary) -> list[str]:
    results = summary.tasks.values()
    resume = f"{program('lakewright')} run {summary.head.job} --resume"
    if summary.status == "interrupted":
        return [f"to go on:  {resume}"]
    if any(result.executed or result.problem for result in results):
        return [f"after fixing:  {resume}"]
    if any(result.status is Status.CLOUD for result in results):
        return [f"it needs a workspace:  databricks bundle run -t {summary.head.target} {summary.head.job}"]
    return []


def _number(value: Any) -> str | Text:
    if value is None:
        return ""
    return f"{value:,}" if isinstance(value, int) else Text(str(value))


def _short(path: Path) -> str:
    relative = os.path.relpath(path)
    return str(path) if relative.startswith("../..") else relative
