"""One attempt to run the code of a task; an executor receives it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from lakewright.runner.planning.graph import JobPlan, TaskPlan
from lakewright.runner.planning.time_limits import Limit


@dataclass(frozen=True)
class Attempt:
    """One attempt of a notebook, script, wheel or SQL task.

    Attributes:
        label: The task's path in the run: `ingestion/bronze`, `loop[0]`.
        number: 1 for the first attempt of the task.
        body: The content of `notebook_task` and so on, references resolved.
        parameters: The job's parameters.
        values: Task values that earlier tasks have set, by task key.
        keep_rows: Whether another task refers to the rows of this SQL task.
        timeout: Seconds that its code may take; they count from its start, not while it waits for a free process.
        limit: The limit of the job or the loop around it, if there is one.
    """

    job: JobPlan
    task: TaskPlan
    label: str
    number: int
    body: Mapping[str, Any]
    parameters: Mapping[str, str]
    values: Mapping[str, Mapping[str, Any]]
    keep_rows: bool = False
    timeout: float | None = None
    limit: Limit | None = None

    def starting_now(self) -> Attempt:
        """The attempt at the start of its code: `limit` is then the earliest of all limits."""
        return replace(self, timeout=None, limit=Limit.earliest(self.limit, Limit.of_task(self.timeout)))
