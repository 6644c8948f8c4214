"""Find the local Spark engine by its entry point. `lakewright` registers one; this package does not depend on it."""

from __future__ import annotations

from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import TYPE_CHECKING

from databricks_utils.spark.distributions import INSTALL_LAKEWRIGHT, REINSTALL_LAKEWRIGHT
from databricks_utils.spark.errors import MissingPackageError, SessionError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

    from databricks_utils.config import EnvironmentConfig

GROUP = "databricks_utils.engines"


def find_engine(name: str) -> EntryPoint | None:
    """Return the entry point `name` of the installed engine, or None if no engine is installed.

    Args:
        name: `local` creates a session, `stop` stops the engine.

    Raises:
        SessionError: Several distributions register an engine.
    """
    found = {point.value: point for point in entry_points(group=GROUP, name=name)}
    if len(found) > 1:
        raise SessionError(
            f"spark: {len(found)} engines are installed for `{name}`: {', '.join(sorted(found))}",
            fix="uninstall all but one of the distributions that register them",
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
            fix=INSTALL_LAKEWRIGHT,
        )
    try:
        create = point.load()
    except (ImportError, AttributeError) as error:
        raise MissingPackageError(
            f"spark: the local engine {point.value} cannot be imported: {error}",
            fix=REINSTALL_LAKEWRIGHT,
        ) from error
    session: SparkSession = create(config, project=project)
    return session


def stop_local(project: Path) -> None:
    """Stop the local engine of a project; does nothing if the installed engine registers no entry point `stop`.

    Args:
        project: The project's folder.
    """
    point = find_engine("stop")
    if point is not None:
        point.load()(project)
