"""The Spark engine of a run."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from lakewright.engine.environment_variables import MODE_VARIABLE, PRINCIPAL_VARIABLE, PROJECT_VARIABLE


class Engine(Protocol):
    """What the runner needs from an engine."""

    @property
    def pid(self) -> int:
        """The JVM's process id; 0 if the JVM runs inside a task's process."""

    @property
    def spark(self) -> str:
        """Spark's version; empty if unknown."""

    @property
    def java(self) -> str:
        """Java's version; empty if unknown."""

    def environment(self, principal: str | None = None) -> dict[str, str]:
        """Environment variables with which a task connects to it."""

    def is_alive(self) -> bool:
        """Whether it answers."""


# A running engine, a function that returns one, or None if no task needs Spark.
EngineSource = Engine | Callable[[], Engine] | None


@dataclass(frozen=True)
class ClassicEngine:
    """Classic mode: each task's process has its own JVM, and none runs between tasks."""

    project: Path
    pid: int = 0
    spark: str = ""
    java: str = ""

    def environment(self, principal: str | None = None) -> dict[str, str]:
        """Environment variables with the task's principal and its lakehouse."""
        found = {
            PROJECT_VARIABLE: str(self.project),
            MODE_VARIABLE: "classic",
            PRINCIPAL_VARIABLE: principal,
        }
        return {name: value for name, value in found.items() if value is not None}

    def is_alive(self) -> bool:
        """Always true."""
        return True


class EngineKeeper:
    """Returns the engine of a run, and starts a new one if it has died.

    Args:
        source: The engine, or a function that returns one.
    """

    def __init__(self, source: EngineSource) -> None:
        self._source = source
        self._engine: Engine | None = None
        self._lock = threading.Lock()

    def current(self) -> Engine | None:
        """The engine, or None if the run has none."""
        if self._source is None:
            return None
        if not callable(self._source):
            return self._source
        with self._lock:
            if self._engine is None or not self._engine.is_alive():
                self._engine = self._source()
            return self._engine
