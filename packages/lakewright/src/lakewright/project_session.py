"""Interactive sessions: `lakewright sql`, `lakewright shell`, a notebook in VS Code or Jupyter."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lakewright.engine import EngineSettings, ensure_engine, settings_of
from lakewright.errors import LakewrightError
from lakewright.spark_refusals import read_refusal

if TYPE_CHECKING:
    from databricks_utils.config import EnvironmentConfig


class StatementError(LakewrightError, ValueError):
    """Raised when Spark refuses a statement."""


@contextmanager
def refusals_of_spark(place: str | None = None) -> Iterator[None]:
    """Turn an error of Spark into a message without stack traces.

    Args:
        place: Where the statement stands, if there are several.

    Raises:
        StatementError: Spark refused a statement; the first line of Spark's message is the summary.
    """
    from pyspark.errors import PySparkException

    try:
        yield
    except PySparkException as error:
        refusal = read_refusal(error)
        raise StatementError(
            refusal.summary, detail=refusal.detail, location=place, fix=refusal.fix
        ) from error


def open_project_session(project: Path, *, principal: str | None = None) -> Any:  # noqa: ANN401 - a Spark session
    """Open a session on a project's lakehouse; the default catalog is that of its local configuration.

    Args:
        project: The project's root. Without `config/local.yaml` the engine's defaults are used.
        principal: The principal that the session acts as; the operating system's user by default.
    """
    use_utc()
    return ensure_engine(project, settings=engine_settings(project), import_client=True).connect(principal)


def use_utc() -> None:
    """Let this process run in UTC, as the driver of a cluster does: Spark's timestamps become naive local times in Python."""
    os.environ["TZ"] = "UTC"
    time.tzset()


def engine_settings(project: Path) -> EngineSettings:
    """Return the engine's settings from a project's local configuration, or the defaults if it has none."""
    config = _local_config(project)
    return settings_of(config) if config else EngineSettings()


def prefers_classic(project: Path) -> bool:
    """Return whether a project's local configuration selects classic sessions (`spark.mode: classic`)."""
    config = _local_config(project)
    return config is not None and config.spark.mode == "classic"


def _local_config(project: Path) -> "EnvironmentConfig | None":
    if not (project / "config" / "local.yaml").is_file():
        return None
    from databricks_utils.config import ConfigLoader

    return ConfigLoader.load("local", project / "config")
