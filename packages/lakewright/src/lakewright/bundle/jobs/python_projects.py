"""The Python projects whose wheels a bundle builds: their names and their entry points."""

import ast
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lakewright.bundle.model.bundle import Bundle


@dataclass(frozen=True)
class PythonProject:
    """A folder with a `pyproject.toml`.

    Attributes:
        folder: The folder.
        name: The name of the package that it builds.
        entry_points: The names of its entry points, of all groups.
    """

    folder: Path
    name: str
    entry_points: frozenset[str]

    @property
    def module(self) -> str:
        """The name under which the package is imported, as far as its name says."""
        return _canonical(self.name).replace("-", "_")

    def builds(self, package: str) -> bool:
        """Whether the project builds a package; `shop-etl` and `shop_etl` are the same name."""
        return self.name == package or _canonical(self.name) == _canonical(package)

    def has(self, entry_point: str) -> bool:
        """Whether an entry point can be run: it is declared, or it is a function of the package."""
        return entry_point in self.entry_points or self._defines(entry_point)

    def _defines(self, name: str) -> bool:
        """Whether the package itself has a function of this name: Databricks falls back to it."""
        for base in (self.folder / "src", self.folder):
            file = base / self.module / "__init__.py"
            if file.is_file():
                try:
                    tree = ast.parse(file.read_text(encoding="utf-8"))
                except (SyntaxError, UnicodeDecodeError):
                    return True
                return any(name in _defined(node) for node in tree.body)
        return False


def python_projects(bundle: Bundle) -> tuple[PythonProject, ...]:
    """Return the projects in the bundle's folder and in the folders of its artifacts.

    Projects whose entry points a build script computes are left out.
    """
    artifacts = (bundle.resolved.get("artifacts") or {}).values()
    paths = [
        str(artifact["path"]) for artifact in artifacts if isinstance(artifact, dict) and artifact.get("path")
    ]
    folders = dict.fromkeys([bundle.root, *map(Path, paths)])
    return tuple(project for folder in folders if (project := _read(folder)))


def _read(folder: Path) -> PythonProject | None:
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
    if not isinstance(name, str) or set(project.get("dynamic") or ()) & {"scripts", "entry-points"}:
        return None
    names = {
        *(project.get("scripts") or {}),
        *(project.get("gui-scripts") or {}),
        *(poetry.get("scripts") or {}),
    }
    for group in (project.get("entry-points") or {}).values():
        names.update(group)
    return PythonProject(folder, name, frozenset(names))


def _canonical(name: str) -> str:
    from packaging.utils import canonicalize_name

    return canonicalize_name(name)


def _defined(node: ast.stmt) -> set[str]:
    if isinstance(node, ast.FunctionDef):
        return {node.name}
    if isinstance(node, ast.Import | ast.ImportFrom):
        return {alias.asname or alias.name for alias in node.names}
    return set()
