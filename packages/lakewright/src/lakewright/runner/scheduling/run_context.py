"""Objects that all jobs and tasks of a run share."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from lakewright.bundle import Bundle
from lakewright.runner.handover.redactor import Redactor
from lakewright.runner.record.result import TaskResult
from lakewright.runner.scheduling.executor import Executor
from lakewright.runner.scheduling.forecast import Classify, runs_here
from lakewright.runner.scheduling.listener import Listener, SilentListener
from lakewright.runner.values.local_values import place_of


@dataclass
class RunContext:
    """Objects that all jobs and tasks of a run share.

    Attributes:
        bundle: The resolved bundle.
        executor: Runs the code of tasks.
        record: Stores the result of a task under its path.
        classify: Decides where a task can run.
        listener: Receives the events of the run.
        redactor: Removes secrets from what the listener receives.
        reusable: Results of the resumed run, by task path.
        job_number: The number of the outermost job's run; a resumed run has that of the run that it continues.
        numbers: Yields the numbers of the runs of called jobs and of tasks; no two runs share one.
        repair_count: How often the run was resumed.
        cancelled: Is set when the run must end.
    """

    bundle: Bundle
    executor: Executor
    record: Callable[[str, TaskResult], None]
    started_at: datetime
    classify: Classify = runs_here
    listener: Listener = field(default_factory=SilentListener)
    redactor: Redactor = field(default_factory=lambda: Redactor(()))
    reusable: Mapping[str, TaskResult] = field(default_factory=dict)
    job_number: int = 0
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    repair_count: int = 0
    cancelled: threading.Event = field(default_factory=threading.Event)

    def locate(self, path: str) -> str:
        """Where a value is written, as `file:line:column`; its key path if that is unknown."""
        return place_of(self.bundle, path)

    def wait(self, seconds: float) -> bool:
        """Wait that long and return true; return false at once if the run is cancelled."""
        return not self.cancelled.wait(seconds)
