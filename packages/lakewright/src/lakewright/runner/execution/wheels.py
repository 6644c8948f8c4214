"""Chooses the code behind a wheel: the project's sources, else a built wheel, else the installed package."""

from __future__ import annotations

import configparser
import tomllib
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name

from lakewright.bundle import Bundle, local_file
from lakewright.runner.execution.wheel_names import distribution_of


@dataclass(frozen=True)
class PackageSource:
    """Folders or wheels for `sys.path`, and the entry points that they declare."""

    sys_path: tuple[Path, ...] = ()
    entry_points: Mapping[str, str] = field(default_factory=dict)


def find_package(bundle: Bundle, package: str, libraries: Iterable[str]) -> PackageSource:
    """Find a package. Its sources come before a built wheel, because they are newer.

    Args:
        bundle: The bundle, with the project's root and artifacts.
        package: Name as in `python_wheel_task.package_name`.
        libraries: The task's other wheels; `*` is allowed.
    """
    wheels = tuple(wheel for library in libraries for wheel in _wheels(bundle, library))
    for folder in _source_folders(bundle):
        project = _read_toml(folder / "pyproject.toml")
        if canonicalize_name(_project_name(project)) == canonicalize_name(package):
            paths = tuple(path for path in (_source_root(folder),) if path.is_dir())
            others = tuple(
                wheel for wheel in wheels if distribution_of(wheel.name) != canonicalize_name(package)
            )
            return PackageSource((*paths, *others), _project_scripts(project))
    for wheel in wheels:
        if distribution_of(wheel.name) == canonicalize_name(package):
            return PackageSource(wheels, _wheel_scripts(wheel))
    return PackageSource(wheels)


def find_libraries(bundle: Bundle, libraries: Iterable[str]) -> tuple[Path, ...]:
    """Find the folders and files for `sys.path` of the wheels that a task names.

    A wheel that the bundle itself builds (`./dist/flights-*.whl`, `./dist/*.whl`) is its source tree, built or not;
    any other is the newest file that fits. A wheel that is neither is left out: it may be installed here.

    Args:
        bundle: The bundle, with the project's root and artifacts.
        libraries: Paths as the task names them; `*` is allowed.
    """
    own = {
        canonicalize_name(_project_name(_read_toml(folder / "pyproject.toml"))): folder
        for folder in _source_folders(bundle)
    }
    found: list[Path] = []
    for library in libraries:
        wanted = distribution_of(library)
        folders = [folder for name, folder in own.items() if fnmatchcase(name, wanted)]
        found += [_source_root(folder) for folder in folders] or _wheels(bundle, library)
    return tuple(dict.fromkeys(found))


def _source_folders(bundle: Bundle) -> list[Path]:
    artifacts = (bundle.resolved.get("artifacts") or {}).values()
    folders = [bundle.root / str(item["path"]) for item in artifacts if item and item.get("path")]
    return [
        folder for folder in dict.fromkeys([*folders, bundle.root]) if (folder / "pyproject.toml").is_file()
    ]


def _source_root(folder: Path) -> Path:
    return folder / "src" if (folder / "src").is_dir() else folder


def _wheels(bundle: Bundle, pattern: str) -> list[Path]:
    found = local_file(bundle, pattern)
    return [found] if found is not None else []


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def _project_name(project: Mapping[str, Any]) -> str:
    poetry = (project.get("tool") or {}).get("poetry") or {}
    return str((project.get("project") or {}).get("name") or poetry.get("name") or "")


def _project_scripts(project: Mapping[str, Any]) -> dict[str, str]:
    standard = project.get("project") or {}
    poetry = (project.get("tool") or {}).get("poetry") or {}
    groups = [*(standard.get("entry-points") or {}).values(), *(poetry.get("plugins") or {}).values()]
    tables = [*groups, poetry.get("scripts") or {}, standard.get("scripts") or {}]
    return {name: str(value) for table in tables for name, value in table.items() if isinstance(value, str)}


def _wheel_scripts(wheel: Path) -> dict[str, str]:
    with zipfile.ZipFile(wheel) as archive:
        name = next(
            (item for item in archive.namelist() if item.endswith(".dist-info/entry_points.txt")), None
        )
        if name is None:
            return {}
        parser = configparser.ConfigParser(delimiters=("=",))
        parser.optionxform = str  # type: ignore[assignment,method-assign]  # names are case-sensitive
        parser.read_string(archive.read(name).decode())
    return {key: value for section in parser.sections() for key, value in parser.items(section)}
