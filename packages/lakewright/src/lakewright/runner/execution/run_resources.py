"""Objects that the processes of a run share: bundle, folders, engine, secrets."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from lakewright.bundle import Bundle
from lakewright.engine import EngineSettings
from lakewright.grants.applied import are_enforced
from lakewright.grants.declared import Declared, declared_by
from lakewright.project_session import engine_settings
from lakewright.runner.execution.engines import Engine
from lakewright.runner.handover.redactor import Redactor
from lakewright.runner.handover.task_spec import SparkMode
from lakewright.runner.process.interpreter_pool import Interpreters
from lakewright.runner.values.cluster_settings import Clusters
from lakewright.runner.values.local_values import place_of


@dataclass(frozen=True)
class RunResources:
    """Objects that the processes of a run share.

    Attributes:
        job: The job of the run.
        run_id: The id of the run.
        folder: The run's folder.
        classic: Whether the tasks have classic sessions.
        secrets: Variables that hold secrets.
        engine: Returns the engine, or None.
        cancelled: Is set when the run must end.
        principal: Whom all tasks run as; by default each job's `run_as`.
    """

    bundle: Bundle
    job: str
    run_id: str
    folder: Path
    classic: bool
    interpreters: Interpreters
    redactor: Redactor
    secrets: Mapping[str, str]
    engine: Callable[[], Engine | None]
    cancelled: threading.Event
    principal: str | None = None

    @cached_property
    def declared(self) -> Declared:
        """The access that the bundle declares."""
        return declared_by(self.bundle)

    @property
    def is_enforced(self) -> bool:
        """Whether tasks are held to grants: those of a principal that the run names, or a bundle's that declares any."""
        return self.principal is not None or are_enforced(self.declared)

    @property
    def resume_command(self) -> str:
        """The command that continues this run."""
        return f"lakewright run {self.job} --resume"

    @property
    def project(self) -> Path:
        """The project's root, absolute."""
        return self.bundle.root.absolute()

    @property
    def spark_mode(self) -> SparkMode:
        """How a task with an engine reaches Spark."""
        return "classic" if self.classic else "connect"

    @cached_property
    def local_folders(self) -> list[str]:
        """The folders of the machine, beside the project, that paths may reach."""
        return [str(folder) for folder in self._settings.local_folders]

    @cached_property
    def clusters(self) -> Clusters:
        """The clusters of the bundle."""
        return Clusters(self.bundle, self.secrets, lambda: self._settings.spark_config)

    @cached_property
    def _settings(self) -> EngineSettings:
        return engine_settings(self.project)

    def locate(self, path: str) -> str:
        """Where a value is written, as `file:line:column`; its key path if that is unknown."""
        return place_of(self.bundle, path)

    def engine_pids(self) -> frozenset[int]:
        """The engine's process id: a task that ends must not end the engine."""
        engine = self.engine()
        return frozenset({engine.pid} if engine is not None else ())

    def spec_fields(self, stem: str) -> dict[str, Any]:
        """The folders and files of a `TaskSpec`; the names of the files begin with `stem`."""
        tasks = self.folder / "tasks"
        tasks.mkdir(parents=True, exist_ok=True)
        return {
            "project": str(self.project),
            "root": str(self.bundle.root),
            "result_file": str(tasks / f"{stem}.result.json"),
            "values_file": str(tasks / f"{stem}.values.jsonl"),
            "report_file": str(tasks / f"{stem}.report.jsonl"),
            "local_folders": self.local_folders,
        }
