"""Wheels: the entry point of a task must exist in the project that builds its wheel."""

import ast
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from databricks_utils.nearest import did_you_mean, listing
from lakewright.bundle.lint.view import JobView, TaskView
from lakewright.bundle.model import Bundle, Diagnostic


@dataclass(frozen=True)
class _Project:
    folder: Path
    name: str
    entry_points: frozenset[str]


def check_entry_points(job: JobView) -> Iterator[Diagnostic]:
    """Yield the entry points that the project of their package lacks."""
    for task in job.all_tasks:
        spec = task.spec.get("python_wheel_task")
        if isinstance(spec, dict) and spec.get("package_name") and spec.get("entry_point"):
            yield from _check(task, str(spec["package_name"]), str(spec["entry_point"]))


def _check(task: TaskView, package: str, entry_point: str) -> Iterator[Diagnostic]:
    projects = _projects(task.job.bundle)
    if not projects or "${" in package or "{{" in package:
        return
    own = [project for project in projects if _canonical(project.name) == _canonical(package)]
    if not own:
        if fix := did_you_mean(package, [project.name for project in projects]):
            yield task.finding(
                "warning",
                f"no project here builds the package `{package}`",
                "python_wheel_task.package_name",
                detail=f"found {listing(project.name for project in projects)}",
                fix=fix,
            )
        return
    project = own[0]
    if entry_point in project.entry_points or _is_function(project, package, entry_point):
        return
    yield task.finding(
        "error",
        f"the package `{package}` has no entry point `{entry_point}`",
        "python_wheel_task.entry_point",
        detail=f"{project.folder / 'pyproject.toml'} declares {listing(project.entry_points)}",
        fix=did_you_mean(entry_point, project.entry_points)
        or f'add it to pyproject.toml: `[project.scripts]` `{entry_point} = "{_canonical(package)}.main:main"`',
    )


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "_", name).lower()


def _projects(bundle: Bundle) -> list[_Project]:
    artifacts = (bundle.resolved.get("artifacts") or {}).values()
    paths = [
        str(artifact["path"]) for artifact in artifacts if isinstance(artifact, dict) and artifact.get("path")
    ]
    folders = [bundle.root, *map(Path, paths)]
    found = [_read(folder) for folder in dict.fromkeys(folders)]
    return [project for project in found if project]


def _read(folder: Path) -> _Project | None:
    file = folder / "pyproject.toml"
    if not file.is_file():
        return None
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        return None
    project: dict[str, Any] = content.get("project") or {}
    poetry: dict[str, Any] = (content.get("tool") or {}).get("poetry") or {}
    name = project.get("name") or poetry.get("name")
    if not isinstance(name, str):
        return None
    names = {
        *(project.get("scripts") or {}),
        *(project.get("gui-scripts") or {}),
        *(poetry.get("scripts") or {}),
    }
    for group in (project.get("entry-points") or {}).values():
        names.update(group)
    dynamic = set(project.get("dynamic") or ())
    return None if dynamic & {"scripts", "entry-points"} else _Project(folder, name, frozenset(names))


def _is_function(project: _Project, package: str, name: str) -> bool:
    """Whether the package itself has a function of that name: the service falls back to it."""
    for base in (project.folder / "src", project.folder):
        file = base / _canonical(package) / "__init__.py"
        if file.is_file():
            try:
                tree = ast.parse(file.read_text(encoding="utf-8"))
            except (SyntaxError, UnicodeDecodeError):
                return True
            return any(name in _defined(node) for node in tree.body)
    return False


def _defined(node: ast.stmt) -> set[str]:
    if isinstance(node, ast.FunctionDef):
        return {node.name}
    if isinstance(node, ast.Import | ast.ImportFrom):
        return {alias.asname or alias.name for alias in node.names}
    return set()
