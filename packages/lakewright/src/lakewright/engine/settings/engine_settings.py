"""The settings that a project chooses for its engine."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from databricks_utils.config import EnvironmentConfig

# Keys whose values only the engine can check; its messages name the place of the value.
_NAMED = (("spark", "engine", "memory"), ("spark", "engine", "jvm_options"))


@dataclass(frozen=True)
class EngineSettings:
    """The settings of an engine.

    Attributes:
        spark_config: Spark keys of the project; they override the tuned ones.
        memory: Maximum heap of the JVM, in the format of `-Xmx`.
        java_home: Home of the Java to use; None: `find_java` finds one.
        idle_minutes: The engine stops after this many minutes without a query; 0 means never.
        jvm_options: Additional options of the JVM.
        default_catalog: The catalog of names without a catalog; created if missing.
        environment: The environment that the engine works for; empty without a configuration.
        other_environments: Environments whose catalogs no session may name.
        used_environments: Other environments whose catalogs may be named.
        local_folders: Folders of the machine, beside the project, that paths without a scheme reach.
        origins: Where values come from, by key (e.g. `spark.engine.memory`); for messages.
    """

    spark_config: Mapping[str, str] = field(default_factory=dict)
    memory: str = "2g"
    java_home: Path | None = None
    idle_minutes: float = 15.0
    jvm_options: tuple[str, ...] = ()
    default_catalog: str = "workspace"
    environment: str = ""
    other_environments: tuple[str, ...] = ()
    used_environments: tuple[str, ...] = ()
    local_folders: tuple[Path, ...] = ()
    origins: Mapping[str, str] = field(default_factory=dict, compare=False)

    def place_of(self, key: str) -> str:
        """Return where a key's value comes from, or the key if that is unknown."""
        return self.origins.get(key, key)


def settings_of(config: "EnvironmentConfig") -> EngineSettings:
    """Return the engine's settings from a project's configuration (`spark.config`, `spark.engine`, `catalog.name`)."""
    engine = config.spark.engine
    return EngineSettings(
        spark_config=dict(config.spark.config),
        memory=engine.memory,
        java_home=Path(engine.java_home) if engine.java_home else None,
        idle_minutes=engine.idle_minutes,
        jvm_options=tuple(engine.jvm_options),
        default_catalog=config.catalog.name,
        environment=config.environment,
        other_environments=config.untouched_environments,
        used_environments=config.catalog.uses_environments,
        local_folders=tuple(
            config.project_root / folder.expanduser() for folder in config.storage.local_folders
        ),
        origins={".".join(path): str(origin) for path in _NAMED if (origin := config.origin_of(*path))},
    )
