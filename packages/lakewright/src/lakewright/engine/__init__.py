"""The local engine: a JVM with Spark and Delta that owns one lakehouse folder and that others attach to."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lakewright.engine.handle import MODE_VARIABLE, PRINCIPAL_VARIABLE, EngineHandle
from lakewright.engine.ownership import engine_status, ensure_engine, stop_engine
from lakewright.engine.settings import EngineSettings

if TYPE_CHECKING:
    from databricks_utils.config import EnvironmentConfig

__all__ = [
    "EngineHandle",
    "EngineSettings",
    "create_session",
    "engine_status",
    "ensure_engine",
    "settings_of",
    "stop_engine",
]

# Keys whose values can be wrong in a way that only the engine notices.
_NAMED = (("spark", "engine", "memory"), ("spark", "engine", "jvm_options"))


def settings_of(config: "EnvironmentConfig") -> EngineSettings:
    """Take the engine's settings from a project's configuration (`spark.config`, `spark.engine`)."""
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


def create_session(config: "EnvironmentConfig", *, project: Path) -> Any:  # noqa: ANN401 - either kind of SparkSession
    """Give a session on the project's lakehouse: the entry point that `SparkSessionFactory` looks up.

    Args:
        config: The configuration of environment `local`; `spark.mode` chooses attached or classic, but in a task the run has
            chosen for all its tasks.
        project: The project's root.
    """
    settings = settings_of(config)
    if os.environ.get(MODE_VARIABLE, config.spark.mode) == "classic":
        from lakewright.engine.session import open_classic_session

        return open_classic_session(project, settings=settings, principal=os.environ.get(PRINCIPAL_VARIABLE))
    return ensure_engine(project, settings=settings, import_client=True).connect()
