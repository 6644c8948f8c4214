"""The medallion of a project, opened from its code: `medallion` of `[tool.lakewright]` in `pyproject.toml`."""

import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lakewright.bundle.project_settings.declaration import declared_entry
from lakewright.errors import LakewrightError

if TYPE_CHECKING:
    from databricks_utils.context import Context
    from databricks_utils.medallion import Medallion

_EXAMPLE = '[tool.lakewright]\nmedallion = "<package>.medallion:open_medallion"'


class NoMedallionError(LakewrightError, LookupError):
    """Raised when a project does not say which function opens its medallion, or names one that cannot be imported."""


def open_project_medallion(project: Path, spark: Any, context: "Context") -> "Medallion":  # noqa: ANN401 - a Spark session
    """Return the medallion of a project.

    Args:
        project: The project's root.
        spark: A session.
        context: The environment.

    Raises:
        NoMedallionError: The project names no function that opens it.
    """
    opened: Medallion = _function(project)(spark, context)
    return opened


def _function(project: Path) -> "Callable[..., Any]":
    entry = declared_entry(project, "medallion")
    if entry is None:
        raise NoMedallionError(
            "the project does not say which function opens its medallion",
            location=str(project / "pyproject.toml"),
            fix=f"add to pyproject.toml:\n{_EXAMPLE}",
        )
    if not entry.module:
        raise NoMedallionError(
            f"`medallion = {entry.text!r}` is not of the form module:function",
            location=str(entry.location),
            fix=f"write\n{_EXAMPLE}",
        )
    sources = [str(folder) for folder in (project / "src", project) if folder.is_dir()]
    sys.path[:0] = [folder for folder in sources if folder not in sys.path]
    try:
        return getattr(import_module(entry.module), entry.name)  # type: ignore[no-any-return]  # of the project
    except (ImportError, AttributeError) as error:
        raise NoMedallionError(
            f"`{entry.text}` cannot be imported: {error}",
            location=str(entry.location),
            fix="correct `medallion` of [tool.lakewright], or install what the module imports",
        ) from error
