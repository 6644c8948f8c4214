"""The local engine, found by its entry point: this package knows that there may be one, not which."""

from __future__ import annotations

from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import TYPE_CHECKING

from databricks_utils.config.spark_errors import MissingPackageError, SessionError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

    from databricks_utils.config.model import EnvironmentConfig

GROUP = "databricks_utils.engines"


def find_engine(name: str) -> EntryPoint | None:
    """Find the entry point `name` of the engine that is installed; None where there is none.

    Raises:
        SessionError: Several distributions offer one.
    """
    found = {point.value: point for point in entry_points(group=GROUP, name=name)}
    if len(found) > 1:
        raise SessionError(
            f"spark: {len(found)} engines are installed for `{name}`: {', '.join(sorted(found))}",
            fix="uninstall all but one of the distributions that offer them",
        )
    return next(iter(found.values()), None)


def start_local(config: EnvironmentConfig, *, project: Path) -> SparkSession:
    """Return a session of the local engine.

    Args:
        config: The configuration of the environment `local`.
        project: The project's folder; the engine keeps its state in `.lakewright/` there.

    Raises:
        MissingPackageError: No engine is installed, or it cannot be imported.
    """
    point = find_engine("local")
    if point is None:
        raise MissingPackageError(
            "spark: environment `local` needs the local engine, which is not installed",
            detail=f"looked for the entry point `local` of the group {GROUP}",
            fix="pip install lakewright",
        )
    try:
        create = point.load()
    except (ImportError, AttributeError) as error:
        raise MissingPackageError(
            f"spark: the local engine {point.value} cannot be imported: {error}",
            fix="pip install --force-reinstall lakewright",
        ) from error
    session: SparkSession = create(config, project=project)
    return session


def stop_local(project: Path) -> None:
    """End the local engine of a project, where the installed one can be ended (entry point `stop`)."""
    point = find_engine("stop")
    if point is not None:
        point.load()(project)
