"""The paths of one project's engine files, all under `<project>/.lakewright/`."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class EngineFolder:
    """The paths of the files; no file is created."""

    project: Path

    @property
    def root(self) -> Path:
        """`.lakewright/`: all files of a project's local runs."""
        return self.project / ".lakewright"

    @property
    def lakehouse(self) -> Path:
        """Catalog entries, table data and volumes."""
        return self.root / "lakehouse"

    @property
    def state(self) -> Path:
        """`engine.json`: where the running engine listens; the engine writes it when it listens."""
        return self.root / "engine.json"

    @property
    def launch(self) -> Path:
        """`engine.launch.json`: the settings at the engine's start and its token; mode 0600."""
        return self.root / "engine.launch.json"

    @property
    def properties(self) -> Path:
        """The Spark configuration of the engine's JVM."""
        return self.root / "engine.properties"

    @property
    def lock(self) -> Path:
        """The lock of the one JVM that writes the lakehouse, held until it ends; its text: `engine` or `session`, pid."""
        return self.root / "engine.lock"

    @property
    def start_lock(self) -> Path:
        """The lock of the process that is starting an engine."""
        return self.root / "engine.start.lock"

    @property
    def log(self) -> Path:
        """The output of the engine's JVM."""
        return self.root / "engine.log"

    @property
    def earlier_log(self) -> Path:
        """The output of the engine before; may show why that engine ended."""
        return self.root / "engine.log.1"
