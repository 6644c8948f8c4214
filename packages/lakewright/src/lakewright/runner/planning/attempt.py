"""One attempt to run the code of a task; an executor receives it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lakewright.runner.planning.graph import JobPlan, TaskPlan


@dataclass(frozen=True)
class Attempt:
    """One attempt of a notebook, script, wheel or SQL task.

    Attributes:
        label: The task's path in the run: `ingestion/bronze`, `loop[0]`.
        number: 1 for the first attempt of the task.
        body: The content of `notebook_task` and so on, references resolved.
        parameters: The job's parameters.
        values: Task values that earlier tasks have set, by task key.
        deadline: Value of `time.monotonic()` at which the attempt must be ended, or None.
        limit: What set the deadline, for the message.
    """

    job: JobPlan
    task: TaskPlan
    label: str
    number: int
    body: Mapping[str, Any]
    parameters: Mapping[str, str]
    values: Mapping[str, Mapping[str, Any]]
    deadline: float | None = None
    limit: str = ""
