"""Findings about the project's configuration (`config/*.yaml`), as the loader of `databricks-utils` reports them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from lakewright.bundle.model.comment import Comment
from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.project_settings.declaration import uses_the_library
from lakewright.bundle.project_settings.places import place_of
from lakewright.bundle.reading.comments import comments_of
from lakewright.bundle.rules.configuration.broken_configuration import BrokenConfiguration
from lakewright.bundle.rules.configuration.unset_environment_variable import UnsetEnvironmentVariable

if TYPE_CHECKING:
    from databricks_utils.config.errors import ConfigError


def configuration_findings(root: Path, environment: str) -> tuple[Diagnostic, ...]:
    """Return what is wrong with the configuration of an environment.

    Args:
        root: The project's folder.
        environment: The environment; a project without a file for it has nothing to check.
    """
    if not (root / "config" / f"{environment}.yaml").is_file() or not uses_the_library(root):
        return ()
    from databricks_utils.config import ConfigLoader
    from databricks_utils.config.errors import ConfigError, ConfigProblemsError

    try:
        ConfigLoader.load(environment, root / "config")
    except ConfigError as error:
        problems = error.problems if isinstance(error, ConfigProblemsError) else (error,)
        return tuple(_finding(problem) for problem in problems)
    return ()


def configuration_comments(root: Path) -> tuple[Comment, ...]:
    """Return the comments that silence findings in `config/*.yaml`."""
    return tuple(
        comment for file in sorted((root / "config").glob("*.yaml")) for comment in comments_of(file)
    )


def _finding(problem: ConfigError) -> Diagnostic:
    from databricks_utils.config.errors import UndefinedVariableError

    place = place_of(problem.location)
    shown = None if place else problem.location
    detail = "\n".join(part for part in (shown, problem.detail) if part) or None
    rule = UnsetEnvironmentVariable if isinstance(problem, UndefinedVariableError) else BrokenConfiguration
    return rule.of(problem.summary, detail, problem.fix, place)
