"""What all jobs and tasks of one run share."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from lakewright.bundle import Bundle
from lakewright.runner.handover.redactor import Redactor
from lakewright.runner.planning.forecast import Classify, runs_here
from lakewright.runner.planning.local_values import place_of
from lakewright.runner.record.result import TaskResult
from lakewright.runner.scheduling.executor import Executor
from lakewright.runner.scheduling.listener import Listener, SilentListener


@dataclass
class RunContext:
    """One run.

    Attributes:
        bundle: The resolved bundle.
        executor: Runs the code of tasks.
        record: Takes the end of a task, by its key path.
        classify: Says for a task where it can run.
        listener: Is notified of what happens.
        redactor: Removes secrets from what the listener gets.
        reusable: Results of the resumed run, by key path.
        numbers: Gives run ids.
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
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    cancelled: threading.Event = field(default_factory=threading.Event)

    def locate(self, path: str) -> str:
        """The place of a value as `file:line:column`, else its key path."""
        return place_of(self.bundle, path)

    def wait(self, seconds: float) -> bool:
        """Wait, unless the run is cancelled meanwhile; whether the time passed."""
        return not self.cancelled.wait(seconds)
