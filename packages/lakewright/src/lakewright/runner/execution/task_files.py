"""Finds the notebook, script or SQL file of a task."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from databricks_utils.nearest import choose_from
from lakewright.bundle import Bundle
from lakewright.bundle.project_files import expected_file
from lakewright.runner.errors import NotebookError, PlanError, SqlFileError
from lakewright.runner.inside.notebook.cells import find_notebook
from lakewright.runner.planning.graph import TaskPlan
from lakewright.runner.values.local_values import place_of


def notebook_of(bundle: Bundle, task: TaskPlan, body: Mapping[str, Any]) -> Path:
    """The notebook of a task; its path may omit the extension.

    Raises:
        PlanError: The task names none.
        NotebookError: It does not exist.
    """
    named, location = _named(bundle, task, body, "notebook_path")
    try:
        return find_notebook(named)
    except NotebookError as error:
        error.location = f"{location} → {named}"
        raise


def script_of(bundle: Bundle, task: TaskPlan, body: Mapping[str, Any]) -> Path:
    """The Python file of a task.

    Raises:
        PlanError: The task names none, or it does not exist.
    """
    named, location = _named(bundle, task, body, "python_file")
    if not named.is_file():
        raise PlanError(**_missing(named, "python_file", location))
    return named


def sql_file_of(bundle: Bundle, task: TaskPlan, body: Mapping[str, Any]) -> Path:
    """The SQL file of a task.

    Raises:
        PlanError: The task names none.
        SqlFileError: It does not exist.
    """
    named, location = _named(bundle, task, body.get("file") or {}, "path", within="file.")
    if not named.is_file():
        raise SqlFileError(**_missing(named, "path", location))
    return named


def _named(
    bundle: Bundle, task: TaskPlan, body: Mapping[str, Any], key: str, *, within: str = ""
) -> tuple[Path, str]:
    """The path in the field `key`, which may not exist, and where that field is written."""
    path = str(body.get(key) or "")
    location = place_of(bundle, f"{task.path}.{task.kind.value}.{within}{key}")
    if not path:
        raise PlanError(f"task `{task.key}` has no `{key}`", location=location, fix="name the file")
    return expected_file(bundle, path) or Path(path), location


def _missing(file: Path, key: str, location: str) -> dict[str, Any]:
    there = sorted(item.name for item in file.parent.glob(f"*{file.suffix}"))
    return {
        "summary": f"there is no file `{file.name}`",
        "location": f"{location} → {file}",
        "fix": choose_from(file.name, there) or f"create it, or correct the path in `{key}`",
    }
