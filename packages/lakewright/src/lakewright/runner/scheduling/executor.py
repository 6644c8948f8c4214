"""The interface through which scheduling runs the code of tasks."""

from __future__ import annotations

from typing import Protocol

from lakewright.runner.planning.attempt import Attempt
from lakewright.runner.record.result import TaskResult


class Executor(Protocol):
    """Runs attempts of notebook, script, wheel and SQL tasks; several threads call it at the same time."""

    def run(self, attempt: Attempt) -> TaskResult:
        """Run one attempt to its end and return its result.

        Raises:
            DiagnosedError: The attempt cannot start, because its configuration is broken.
        """

    def expect(self, count: int) -> None:
        """Add to the number of tasks that will still run, so that processes can start ahead; negative to subtract."""
