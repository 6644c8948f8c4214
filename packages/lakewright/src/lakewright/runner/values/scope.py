"""The values that a `{{…}}` reference can have when a task starts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

NO_INPUT = object()


@dataclass(frozen=True)
class JobFacts:
    """The values of `{{job.…}}`.

    Attributes:
        repair_count: How often the run was resumed.
        trigger_type: What started the job: `one_time`, or `run_job_task` for a called job.
        file_location: The `url` of the job's file arrival trigger; empty without one.
    """

    id: int
    run_id: int
    name: str
    parameters: Mapping[str, str]
    start_time: datetime
    repair_count: int = 0
    trigger_type: str = "one_time"
    file_location: str = ""


@dataclass(frozen=True)
class TaskFacts:
    """The values of `{{task.…}}`, and of `{{tasks.<key>.…}}` for a task that has ended.

    Attributes:
        rows: The rows of a SQL task, if it has any.
        selected: Whether the task is part of this run; `--only` and `--from` leave tasks out.
    """

    name: str
    run_id: int
    execution_count: int = 1
    notebook_path: str = ""
    result_state: str | None = None
    error_code: str | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    rows: Sequence[Mapping[str, Any]] | None = None
    selected: bool = True


@dataclass(frozen=True)
class Scope:
    """All values that references can have.

    Attributes:
        task: The task that starts; None for the parameters of a job, which get their values before any task.
        tasks: The tasks that have ended, by key.
        known_tasks: Every task key of the job, to suggest the right one for a wrong key.
        input: The element of the for_each iteration; `NO_INPUT` outside a loop.
    """

    job: JobFacts
    task: TaskFacts | None = None
    tasks: Mapping[str, TaskFacts] = field(default_factory=dict)
    known_tasks: tuple[str, ...] = ()
    input: Any = NO_INPUT

    def inside(self, value: Any, task: TaskFacts) -> Scope:
        """The same scope for the repeated task of one iteration."""
        return replace(self, input=value, task=task)
