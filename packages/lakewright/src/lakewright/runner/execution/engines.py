"""The Spark engine of a run, as the runner sees it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from lakewright.engine.variables import MODE_VARIABLE, PRINCIPAL_VARIABLE, PROJECT_VARIABLE


class Engine(Protocol):
    """The part of an engine's handle that the runner needs."""

    @property
    def pid(self) -> int:
        """The JVM's process; 0 if it has none of its own."""

    @property
    def spark(self) -> str:
        """Spark's version; empty if unknown."""

    @property
    def java(self) -> str:
        """Java's version; empty if unknown."""

    def environment(self, principal: str | None = None) -> dict[str, str]:
        """Variables by which a task attaches to it."""

    def is_alive(self) -> bool:
        """Whether it answers."""


# A running engine, a function that gives one that is alive, or None for tasks without Spark.
EngineSource = Engine | Callable[[], Engine] | None


@dataclass(frozen=True)
class ClassicEngine:
    """Classic mode: the JVM lives inside each task's process, so nothing runs between tasks."""

    project: Path
    pid: int = 0
    spark: str = ""
    java: str = ""

    def environment(self, principal: str | None = None) -> dict[str, str]:
        """Variables that name the principal of a task and the lakehouse that it opens."""
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
    """Gives the engine of a run; if it has died, a new one.

    Args:
        source: Where it comes from.
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
