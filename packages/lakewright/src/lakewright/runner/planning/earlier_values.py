"""Values of tasks that `--only` and `--from` leave out: those of their last successful run."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from lakewright.runner.handover.redactor import MARK
from lakewright.runner.record.result import Status, TaskResult


def with_earlier_values(
    unselected: Mapping[str, TaskResult], records: Sequence[Mapping[str, Any]]
) -> dict[str, TaskResult]:
    """The results of tasks that are left out, with the task values and the rows of their last successful run.

    Args:
        unselected: Their results, by key.
        records: Records of earlier runs of the job, the newest first.
    """
    return {key: _with_values(key, result, records) for key, result in unselected.items()}


def _with_values(key: str, result: TaskResult, records: Sequence[Mapping[str, Any]]) -> TaskResult:
    for record in records:
        for task in record.get("tasks") or []:
            if task.get("key") == key and task.get("status") == Status.SUCCESS.value:
                values = {
                    name: value
                    for name, value in (task.get("values") or {}).items()
                    if not _has_secret(value)
                }
                rows = task.get("rows")
                rows = None if _has_secret(rows) else rows
                source = f"{result.reason}; its values are those of run {record['run_id']}"
                known = bool(values) or rows is not None
                return replace(result, values=values, rows=rows, reason=source) if known else result
    return result


def _has_secret(value: object) -> bool:
    """Whether the record holds a value without its secret, so that it cannot be used again."""
    return MARK in json.dumps(value, default=str)
