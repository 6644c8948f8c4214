"""Which SQL tasks have to keep their rows, because another task refers to them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from lakewright.bundle.jobs.dynamic import dynamic_references
from lakewright.runner.planning.graph import JobPlan


def wanted_rows(plan: JobPlan) -> frozenset[str]:
    """The keys in `{{tasks.<key>.output.…}}` references of a job's tasks."""
    texts = [("", text) for task in plan.tasks for text in _texts(task.spec)]
    return frozenset(
        found.parts[1]
        for found in dynamic_references(texts)
        if found.parts[0] == "tasks" and found.parts[2:3] == ("output",)
    )


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _texts(item)
