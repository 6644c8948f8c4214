"""The Spark engine of a run."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from lakewright.engine import EngineHandle


class Engine(Protocol):
    """What the runner needs from an engine."""

    @property
    def pid(self) -> int:
        """The JVM's process id."""

    @property
    def spark(self) -> str:
        """Spark's version."""

    @property
    def java(self) -> str:
        """Java's version."""

    def environment(self, principal: str | None = None, *, enforced: bool = True) -> dict[str, str]:
        """Environment variables with which a task connects to it."""

    def is_alive(self) -> bool:
        """Whether it answers."""


# A running engine, a function that returns one, or None if no task needs Spark.
EngineSource = Engine | Callable[[], Engine] | None


@dataclass(frozen=True)
class ClassicEngine:
    """An engine whose tasks open classic sessions."""

    handle: EngineHandle

    @property
    def pid(self) -> int:
        """The JVM's process id."""
        return self.handle.pid

    @property
    def spark(self) -> str:
        """Spark's version."""
        return self.handle.spark

    @property
    def java(self) -> str:
        """Java's version."""
        return self.handle.java

    def environment(self, principal: str | None = None, *, enforced: bool = True) -> dict[str, str]:
        """Environment variables with which a task opens a classic session on it."""
        return self.handle.classic_environment(principal, enforced=enforced)

    def is_alive(self) -> bool:
        """Whether it answers."""
        return self.handle.is_alive()


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
