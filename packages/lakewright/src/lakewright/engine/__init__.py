"""The local engine: a JVM with Spark and Delta that owns one lakehouse folder; other processes attach to it."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lakewright.engine.environment_variables import MODE_VARIABLE, PRINCIPAL_VARIABLE
from lakewright.engine.handle import EngineHandle
from lakewright.engine.ownership import engine_status, ensure_engine, stop_engine
from lakewright.engine.settings.engine_settings import EngineSettings, settings_of
from lakewright.mlflow_stores.places import use_by_default
from lakewright.mlflow_stores.redirection import redirection

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


def create_session(config: "EnvironmentConfig", *, project: Path) -> Any:  # noqa: ANN401 - either kind of SparkSession
    """Open a session on the project's lakehouse; `SparkSessionFactory` calls this through an entry point.

    Args:
        config: The configuration of environment `local`. Its `spark.mode` selects a session over Connect or a classic one; in a
            task of a run, the run selects it.
        project: The project's root.
    """
    settings = settings_of(config)
    use_by_default(config.mlflow.tracking_uri, project.absolute() / ".lakewright")
    redirection.install()
    if os.environ.get(MODE_VARIABLE, config.spark.mode) == "classic":
        engine = ensure_engine(project, settings=settings)
        return engine.open_classic(os.environ.get(PRINCIPAL_VARIABLE))
    return ensure_engine(project, settings=settings, import_client=True).connect()
