"""Decides when a task times out: the earliest of its own limit, its loop's and its job's."""

from __future__ import annotations

import time
from dataclasses import dataclass

from lakewright.runner.record.result import Standing, TaskResult, skipped


@dataclass(frozen=True)
class Limit:
    """A moment at which a task times out.

    Attributes:
        deadline: Value of `time.monotonic()`.
        words: The setting behind it, for messages.
    """

    deadline: float
    words: str

    @classmethod
    def after(cls, seconds: float | None, what: str) -> Limit | None:
        """A limit `seconds` from now; None if there are no seconds."""
        if seconds is None:
            return None
        return cls(time.monotonic() + seconds, f"{what} of {seconds:g} s")

    @classmethod
    def of_task(cls, seconds: float | None) -> Limit | None:
        """The limit of a task's own `timeout_seconds`, counted from now."""
        return cls.after(seconds, "`timeout_seconds`")

    @classmethod
    def of_job(cls, seconds: float | None) -> Limit | None:
        """The limit of a job's `timeout_seconds`, counted from now."""
        return cls.after(seconds, "the job's `timeout_seconds`")

    @classmethod
    def earliest(cls, *limits: Limit | None) -> Limit | None:
        """The limit with the earliest deadline."""
        known = [limit for limit in limits if limit is not None]
        return min(known, key=lambda limit: limit.deadline) if known else None

    @property
    def is_over(self) -> bool:
        """Whether its deadline has passed."""
        return time.monotonic() >= self.deadline


def out_of_time(limit: Limit) -> TaskResult:
    """The result of a task that did not start, because the time of its job or loop was over."""
    return skipped(Standing.FAILED, f"{limit.words} was over before it started", timed_out=True)
