"""Where a wheel task's package lives: in the project's own source tree, else in a built wheel, else installed."""

from __future__ import annotations

import configparser
import tomllib
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from lakewright.bundle.local_files import local_file
from lakewright.runner.planning.local_values import BundleLike


@dataclass(frozen=True)
class PackageSource:
    """Folders or wheels for `sys.path`, and the entry points that are declared there."""

    sys_path: tuple[Path, ...] = ()
    entry_points: Mapping[str, str] = field(default_factory=dict)


def find_package(bundle: BundleLike, package: str, libraries: Iterable[str]) -> PackageSource:
    """Find a package; the wheel need not be built, the source tree is the newest truth.

    Args:
        bundle: Gives the project's root and its artifacts.
        package: Name as in `python_wheel_task.package_name`.
        libraries: Wheels that the task names, for those that are not the project's own; `*` is allowed.
    """
    wheels = tuple(wheel for library in libraries for wheel in _wheels(bundle, library))
    for folder in _source_folders(bundle):
        project = _read_toml(folder / "pyproject.toml")
        if _normal(_project_name(project)) == _normal(package):
            paths = tuple(path for path in (_source_root(folder),) if path.is_dir())
            others = tuple(wheel for wheel in wheels if _normal(wheel.name.split("-")[0]) != _normal(package))
            return PackageSource((*paths, *others), _project_scripts(project))
    for wheel in wheels:
        if _normal(wheel.name.split("-")[0]) == _normal(package):
            return PackageSource(wheels, _wheel_scripts(wheel))
    return PackageSource(wheels)


def find_libraries(bundle: BundleLike, libraries: Iterable[str]) -> tuple[Path, ...]:
    """Find what the wheels that a task names bring, for `sys.path`.

    A wheel that the bundle itself builds (`./dist/flights-*.whl`, `./dist/*.whl`) is its source tree, built or not;
    any other is the newest file that fits. One that is neither stays out: it may be installed here.

    Args:
        bundle: Gives the project's root and its artifacts.
        libraries: Paths as the task names them; `*` is allowed.
    """
    own = {
        _normal(_project_name(_read_toml(folder / "pyproject.toml"))): folder
        for folder in _source_folders(bundle)
    }
    found: list[Path] = []
    for library in libraries:
        wanted = _normal(Path(library).name.split("-")[0].removesuffix(".whl"))
        folders = [folder for name, folder in own.items() if fnmatchcase(name, wanted)]
        found += [_source_root(folder) for folder in folders] or _wheels(bundle, library)
    return tuple(dict.fromkeys(found))


def _source_folders(bundle: BundleLike) -> list[Path]:
    artifacts = (bundle.resolved.get("artifacts") or {}).values()
    folders = [bundle.root / str(item["path"]) for item in artifacts if item and item.get("path")]
    return [
        folder for folder in dict.fromkeys([*folders, bundle.root]) if (folder / "pyproject.toml").is_file()
    ]


def _source_root(folder: Path) -> Path:
    return folder / "src" if (folder / "src").is_dir() else folder


def _wheels(bundle: BundleLike, pattern: str) -> list[Path]:
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


def _normal(name: str) -> str:
    return name.lower().replace("_", "-").replace(".", "-")
