"""Commands to try after a successful run; each works in this project."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from lakewright.runner.record.result import TaskResult
from lakewright.runner.record.summary import RunSummary

_ALWAYS_THERE = {"default", "information_schema"}


def program(name: str) -> str:
    """How to call a command of this environment from the current folder."""
    beside = Path(sys.executable).with_name(name)
    if shutil.which(name) or not beside.exists():
        return name
    return _as_typed(beside)


def _as_typed(path: Path) -> str:
    """A path below the current folder as a relative path; any other path unchanged."""
    shorter = os.path.relpath(path)
    return str(path) if shorter.startswith("..") else shorter


def next_steps(summary: RunSummary, project: Path) -> list[tuple[str, str]]:
    """Commands, and what each of them shows."""
    return list(_steps(summary, project))


def _steps(summary: RunSummary, project: Path) -> Iterator[tuple[str, str]]:
    table, ours = last_table(summary), program("lakewright")
    if table is not None:
        yield f'{ours} sql "SELECT * FROM {table} LIMIT 10"', "rows of a table of this run"  # noqa: S608 - printed, not executed
    elif catalog := last_catalog(project):
        yield f'{ours} sql "SHOW SCHEMAS IN {_in_a_shell(catalog)}"', "what the lakehouse holds"
    yield f"{ours} shell", "Python with spark, dbutils and display"
    if (task := _last_task(summary)) is not None:
        yield f"{ours} run {summary.head.job} --only {task}", "one task again"
    store = project / ".lakewright" / "mlflow.db"
    if store.exists() and find_spec("mlflow") is not None:
        yield (
            f"{program('mlflow')} ui --backend-store-uri sqlite:///{_as_typed(store)}",
            "experiments, metrics, models",
        )


def last_table(summary: RunSummary) -> str | None:
    """The last gold table that a task reported, else the last table; quoted for SQL."""
    names = [str(item["name"]) for result in summary.tasks.values() for item in _tables(result)]
    gold = [name for name in names if "gold" in name]
    chosen = next(iter(reversed(gold or names)), None)
    return ".".join(_in_a_shell(part) for part in chosen.split(".")) if chosen else None


def last_catalog(project: Path) -> str | None:
    """The catalog in which a schema was made last; None if there is no schema but those that each catalog has."""
    catalogs = project / ".lakewright" / "lakehouse" / "_catalog"
    schemas = [
        schema for schema in catalogs.glob("*/*") if schema.is_dir() and schema.name not in _ALWAYS_THERE
    ]
    newest = max(schemas, key=lambda schema: (schema.stat().st_mtime, schema.parent.name), default=None)
    return newest.parent.name if newest else None


def _tables(result: TaskResult) -> list[dict[str, object]]:
    return list(result.report.get("tables") or [])


def _in_a_shell(part: str) -> str:
    # The shell would run text between backticks; a plain name needs no quotes.
    return part if part.replace("_", "a").isalnum() else f"\\`{part}\\`"


def _last_task(summary: RunSummary) -> str | None:
    own = [
        key for key, result in summary.tasks.items() if result.executed and "/" not in key and "[" not in key
    ]
    return own[-1] if len(own) > 1 or (len(summary.tasks) > 1 and own) else None
