"""What a scheduled job needs of whatever runs the code of its tasks."""

from __future__ import annotations

from typing import Protocol

from lakewright.runner.planning.attempt import Attempt
from lakewright.runner.record.result import TaskResult


class Executor(Protocol):
    """Runs attempts of notebook, script, wheel and SQL tasks; several threads call it at once."""

    def run(self, attempt: Attempt) -> TaskResult:
        """Run one attempt to its end and return its result.

        Raises:
            DiagnosedError: The attempt cannot start, because its configuration is broken.
        """

    def expect(self, count: int) -> None:
        """Count tasks that are still to come, or, if negative, that came: a process for them may be started ahead."""
