"""The values that a `{{…}}` reference can have when a task starts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

NO_INPUT = object()


@dataclass(frozen=True)
class JobFacts:
    """The values of `{{job.…}}`."""

    id: int
    run_id: int
    name: str
    parameters: Mapping[str, str]
    start_time: datetime
    repair_count: int = 0


@dataclass(frozen=True)
class TaskFacts:
    """The values of `{{task.…}}`, and of `{{tasks.<key>.…}}` for a task that has ended."""

    name: str
    run_id: int
    execution_count: int = 1
    notebook_path: str = ""
    result_state: str | None = None
    error_code: str | None = None
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Scope:
    """All values that references can have.

    Attributes:
        tasks: The tasks that have ended, by key.
        known_tasks: Every task key of the job, to suggest the right one for a wrong key.
        input: The element of the for_each iteration; `NO_INPUT` outside a loop.
    """

    job: JobFacts
    task: TaskFacts
    tasks: Mapping[str, TaskFacts] = field(default_factory=dict)
    known_tasks: tuple[str, ...] = ()
    input: Any = NO_INPUT

    def with_input(self, value: Any) -> Scope:
        """The same scope inside one iteration of a for_each task."""
        return replace(self, input=value)
