"""Reads what the project's code reported through `databricks_utils.observability`: rows, tables, accounting, model."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from lakewright.runner.handover.json_files import read_lines


def read_report(path: Path) -> dict[str, Any]:
    """Collect the lines of a task's report file.

    Rows are added up. The last accounting entry of each source counts, and the last model.

    Returns:
        `rows_in`, `rows_out`, `tables`, `accounting`, `model`, `notes`; None or empty if not reported.
    """
    rows_in: int | None = None
    rows_out: int | None = None
    tables: dict[str, Any] = {}
    accounting: dict[str, Any] = {}
    model: dict[str, Any] | None = None
    notes: list[str] = []
    for line in read_lines(path):
        fields = {key: value for key, value in line.items() if key != "kind"}
        if line.get("kind") == "rows":
            rows_in = _sum(rows_in, fields.get("rows_in"))
            rows_out = _sum(rows_out, fields.get("rows_out"))
            tables.update({str(item["name"]): item for item in fields.get("tables") or []})
        elif line.get("kind") == "accounting":
            accounting[str(fields.get("source"))] = fields
        elif line.get("kind") == "model":
            model = fields
        elif line.get("kind") == "note":
            notes.append(str(fields.get("text")))
    return {
        "rows_in": rows_in,
        "rows_out": rows_out,
        "tables": list(tables.values()),
        "accounting": list(accounting.values()),
        "model": model,
        "notes": notes,
    }


def merge_accounting(reports: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The accounting entries of several tasks, merged by source; values of later tasks win."""
    merged: dict[str, dict[str, Any]] = {}
    for report in reports:
        for entry in report.get("accounting") or []:
            known = {key: value for key, value in entry.items() if value is not None}
            merged.setdefault(str(entry.get("source")), {}).update(known)
    return list(merged.values())


def _sum(total: int | None, value: Any) -> int | None:
    return total if value is None else int(value) + (total or 0)
