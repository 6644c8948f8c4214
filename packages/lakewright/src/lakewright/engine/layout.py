"""The files of one project's engine, all under `<project>/.lakewright/`."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class EngineFolder:
    """The files' paths; creates none of them."""

    project: Path

    @property
    def root(self) -> Path:
        """`.lakewright/`: everything a project's local runs leave behind."""
        return self.project / ".lakewright"

    @property
    def lakehouse(self) -> Path:
        """Catalog entries, table data and volumes."""
        return self.root / "lakehouse"

    @property
    def state(self) -> Path:
        """`engine.json`: where the running engine listens; written by the engine once it does."""
        return self.root / "engine.json"

    @property
    def launch(self) -> Path:
        """`engine.launch.json`: what the engine was started with, token included; mode 0600."""
        return self.root / "engine.launch.json"

    @property
    def properties(self) -> Path:
        """The Spark configuration handed to the engine's JVM."""
        return self.root / "engine.properties"

    @property
    def lock(self) -> Path:
        """Held by the one JVM that writes the lakehouse, as long as it lives; its text: `engine` or `session`, pid."""
        return self.root / "engine.lock"

    @property
    def start_lock(self) -> Path:
        """Held by the process that is starting an engine just now."""
        return self.root / "engine.start.lock"

    @property
    def log(self) -> Path:
        """What the engine's JVM printed."""
        return self.root / "engine.log"

    @property
    def earlier_log(self) -> Path:
        """What the engine before it printed; may hold the reason why that one ended."""
        return self.root / "engine.log.1"
