"""What the processes of one run share: bundle, folders, engine, secrets."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lakewright.bundle import Bundle
from lakewright.runner.execution.engines import Engine
from lakewright.runner.handover.redactor import Redactor
from lakewright.runner.handover.task_spec import SparkMode
from lakewright.runner.planning.local_values import place_of
from lakewright.runner.process.interpreters import Interpreters


@dataclass(frozen=True)
class Surroundings:
    """What the processes of one run share.

    Attributes:
        run_id: The run.
        folder: The run's folder.
        classic: Whether each task has a JVM of its own.
        secrets: Variables that hold secrets.
        engine: Gives the engine, or None.
        cancelled: Is set when the run must end.
    """

    bundle: Bundle
    run_id: str
    folder: Path
    classic: bool
    interpreters: Interpreters
    redactor: Redactor
    secrets: Mapping[str, str]
    engine: Callable[[], Engine | None]
    cancelled: threading.Event

    @property
    def project(self) -> Path:
        """The project's root, absolute."""
        return self.bundle.root.absolute()

    @property
    def spark_mode(self) -> SparkMode:
        """How a task with an engine reaches Spark."""
        return "classic" if self.classic else "connect"

    def locate(self, path: str) -> str:
        """The place of a value as `file:line:column`, else its key path."""
        return place_of(self.bundle, path)

    def engine_pids(self) -> frozenset[int]:
        """The engine's process, which must not be ended with a task."""
        engine = self.engine()
        return frozenset({engine.pid} if engine is not None and engine.pid else ())

    def spec_fields(self, stem: str) -> dict[str, Any]:
        """The fields of a `TaskSpec` that its place in the run decides; its files are named `stem`."""
        tasks = self.folder / "tasks"
        tasks.mkdir(parents=True, exist_ok=True)
        return {
            "project": str(self.project),
            "root": str(self.bundle.root),
            "result_file": str(tasks / f"{stem}.result.json"),
            "values_file": str(tasks / f"{stem}.values.jsonl"),
            "report_file": str(tasks / f"{stem}.report.jsonl"),
        }
