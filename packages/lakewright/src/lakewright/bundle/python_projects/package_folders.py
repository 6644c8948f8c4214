"""Where the packages of a project lie, as it declares it to its build backend: `package_dir` and its likes.

Source: the documentation of each build: setuptools (`package_dir`), Poetry (`packages.from`), Hatch (`packages` and `sources` of the
wheel), uv (`module-root`), PDM (`package-dir`).
"""

import configparser
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lakewright.bundle.python_projects.declared import literal_of_setup, read_toml, table_of


@dataclass(frozen=True)
class PackageFolders:
    """The declared places.

    Attributes:
        roots: Folders that hold packages under their own names.
        renamed: Package → its folder, which has another name.
    """

    roots: tuple[Path, ...] = ()
    renamed: Mapping[str, Path] = field(default_factory=dict)


def package_folders(folder: Path) -> PackageFolders:
    """Return the declared places of a project's packages; those that do not exist are left out.

    Args:
        folder: The project's folder.
    """
    roots: list[Path] = []
    renamed: dict[str, Path] = {}
    for package, place in _declared(folder):
        where = folder / place
        if not where.is_dir():
            continue
        if not package:
            roots.append(where)
        elif where.name == package:
            roots.append(where.parent)
        elif "." not in package:
            renamed[package] = where
    return PackageFolders(tuple(dict.fromkeys(roots)), renamed)


def linked(renamed: Mapping[str, Path], folder: Path) -> Path:
    """Make a link under the package's name for each folder that has another name; return the folder of the links."""
    folder.mkdir(parents=True, exist_ok=True)
    for package, place in renamed.items():
        link = folder / package
        if not (link.is_symlink() and link.resolve() == place.resolve()):
            link.unlink(missing_ok=True)
            link.symlink_to(place.resolve())
    return folder


def _declared(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield each package with its folder; an empty name stands for the folder that holds all packages."""
    tools = table_of(read_toml(folder / "pyproject.toml"), "tool")
    yield from _texts(table_of(table_of(tools, "setuptools"), "package-dir"))
    yield from _of_poetry(table_of(tools, "poetry"))
    yield from _of_hatch(tools)
    for root in (
        table_of(table_of(tools, "uv"), "build-backend").get("module-root"),
        table_of(table_of(tools, "pdm"), "build").get("package-dir"),
    ):
        if isinstance(root, str):
            yield "", root
    yield from _texts(_of_setup_cfg(folder / "setup.cfg"))
    yield from _texts(literal_of_setup(folder / "setup.py", "package_dir"))


def _of_poetry(poetry: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for package in poetry.get("packages") or ():
        if isinstance(package, dict) and isinstance(package.get("from"), str):
            yield "", package["from"]


def _of_hatch(tools: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    build = table_of(table_of(tools, "hatch"), "build")
    for table in (table_of(table_of(build, "targets"), "wheel"), build):
        for package in table.get("packages") or ():
            if isinstance(package, str):
                yield Path(package).name, package
        sources = table.get("sources")
        if isinstance(sources, dict):
            yield from ((to, place) for place, to in _texts(sources))
        elif isinstance(sources, list):
            yield from (("", place) for place in sources if isinstance(place, str))


def _of_setup_cfg(file: Path) -> dict[str, str]:
    parser = configparser.ConfigParser(interpolation=None, delimiters=("=",))
    try:
        parser.read_string(file.read_text(encoding="utf-8") if file.is_file() else "")
    except (configparser.Error, UnicodeDecodeError):
        return {}
    lines = parser.get("options", "package_dir", fallback="").splitlines()
    pairs = (line.partition("=") for line in lines if "=" in line)
    return {name.strip(): place.strip() for name, _, place in pairs}


def _texts(table: object) -> Iterator[tuple[str, str]]:
    if isinstance(table, dict):
        yield from (
            (name, place) for name, place in table.items() if isinstance(name, str) and isinstance(place, str)
        )
