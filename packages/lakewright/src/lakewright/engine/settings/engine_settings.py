"""What a project chooses for its engine."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from databricks_utils.config import EnvironmentConfig

# Keys whose values may be wrong in a way that only the engine notices: its messages name where they come from.
_NAMED = (("spark", "engine", "memory"), ("spark", "engine", "jvm_options"))


@dataclass(frozen=True)
class EngineSettings:
    """What an engine is started with.

    Attributes:
        spark_config: Spark keys of the project, laid over the tuned ones.
        memory: Maximum heap of the JVM, as `-Xmx` takes it.
        java_home: Home of the Java to use; `find_java` looks for one if None.
        idle_minutes: The engine ends after so many minutes without a query; 0 means never.
        jvm_options: Further options of the JVM.
        default_catalog: Where names without a catalog are looked up; made if missing.
        origins: The places that gave values, by the names of their keys, for messages: `spark.engine.memory`.
    """

    spark_config: Mapping[str, str] = field(default_factory=dict)
    memory: str = "2g"
    java_home: Path | None = None
    idle_minutes: float = 15.0
    jvm_options: tuple[str, ...] = ()
    default_catalog: str = "workspace"
    origins: Mapping[str, str] = field(default_factory=dict, compare=False)

    def place_of(self, key: str) -> str:
        """Return the place that gave a key's value, the key itself where that is not known."""
        return self.origins.get(key, key)


def settings_of(config: "EnvironmentConfig") -> EngineSettings:
    """Return the engine's settings in a project's configuration (`spark.config`, `spark.engine`, `catalog.name`)."""
    engine = config.spark.engine
    return EngineSettings(
        spark_config=dict(config.spark.config),
        memory=engine.memory,
        java_home=Path(engine.java_home) if engine.java_home else None,
        idle_minutes=engine.idle_minutes,
        jvm_options=tuple(engine.jvm_options),
        default_catalog=config.catalog.name,
        origins={".".join(path): str(origin) for path in _NAMED if (origin := config.origin_of(*path))},
    )
