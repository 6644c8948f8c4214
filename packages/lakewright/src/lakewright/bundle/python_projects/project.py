"""A Python project that builds a package: its name, its entry points, and the code behind them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from packaging.utils import canonicalize_name

from lakewright.bundle.python_projects.build_hook import read_built
from lakewright.bundle.python_projects.declared import read_declared
from lakewright.bundle.python_projects.functions import defines
from lakewright.bundle.python_projects.package_folders import PackageFolders, linked, package_folders

_NOT_SOURCES = {"build", "dist", "docs", "tests", "test", "node_modules", "venv", "notebooks", "resources"}


@dataclass(frozen=True)
class PythonProject:
    """A folder with a `pyproject.toml`, a `setup.cfg` or a `setup.py`.

    Attributes:
        folder: The folder.
        name: The name of the package that it builds; empty if it cannot be read.
        entry_points: The target of each entry point, of all groups.
        file: The file that declares them.
        problem: Why the name or the entry points cannot be read.
        fix: What to do about it.
        is_computed: Whether only the build knows the name or the entry points, and it was not asked.
    """

    folder: Path
    name: str
    entry_points: Mapping[str, str]
    file: Path
    problem: str | None = None
    fix: str | None = None
    is_computed: bool = False

    @property
    def module(self) -> str:
        """The name under which the package is imported, as far as its name says."""
        return canonicalize_name(self.name).replace("-", "_")

    def builds(self, package: str) -> bool:
        """Whether the project builds a package; `shop-etl` and `shop_etl` are the same name."""
        return bool(self.name) and canonicalize_name(self.name) == canonicalize_name(package)

    def target(self, entry_point: str) -> str | None:
        """Return the function behind an entry point, as `module:function`; None if there is none.

        It is declared, or it is a function of the package itself: Databricks falls back to that.
        """
        if entry_point in self.entry_points:
            return self.entry_points[entry_point]
        file = self.file_of(self.module)
        return f"{self.module}:{entry_point}" if file and defines(file.read_bytes(), entry_point) else None

    def flaw_of(self, target: str) -> str | None:
        """Return why a target such as `shop.main:load` cannot be called with the sources as they are; None if it can."""
        module, _, function = target.partition(":")
        file = self.file_of(module)
        if file is None:
            return f"there is no module `{module}` in the sources"
        if function and not defines(file.read_bytes(), function.partition(".")[0]):
            return f"`{module}` has no `{function}`"
        return None

    def file_of(self, module: str) -> Path | None:
        """Return the file of a module, if it is among the sources."""
        top, _, rest = module.partition(".")
        folders = package_folders(self.folder)
        places = [root / top for root in self._roots(module, folders)]
        if top in folders.renamed:
            places.insert(0, folders.renamed[top])
        for place in places:
            path = place.joinpath(*rest.split(".")) if rest else place
            for file in (path / "__init__.py", path.with_name(f"{path.name}.py")):
                if file.is_file():
                    return file
        return None

    def source_roots(self, module: str = "") -> tuple[Path, ...]:
        """Return the folders that `sys.path` needs for a module; by default for the package itself.

        They are those among the declared ones, `src`, the project's folder and the folders in it that hold the first part of the
        module's name. A package whose folder has another name is linked under its own below `.lakewright/sources`.
        """
        folders = package_folders(self.folder)
        top = (module or self.module).partition(".")[0]
        if top in folders.renamed:
            return (
                linked(folders.renamed, self.folder / ".lakewright" / "sources"),
                *self._roots(module, folders),
            )
        return self._roots(module, folders)

    def _roots(self, module: str, folders: PackageFolders) -> tuple[Path, ...]:
        top = (module or self.module).partition(".")[0]
        return tuple(
            root for root in self._folders(folders) if (root / top).is_dir() or (root / f"{top}.py").is_file()
        )

    def _folders(self, folders: PackageFolders) -> Iterator[Path]:
        yield from dict.fromkeys((*folders.roots, self.folder / "src", self.folder))
        for child in sorted(self.folder.iterdir()):
            if child.is_dir() and child.name[0] not in "._" and child.name not in _NOT_SOURCES | {"src"}:
                yield child


def read_project(folder: Path, *, may_build: bool = True) -> PythonProject | None:
    """Return the project in a folder; None if no package is built there.

    Args:
        folder: The folder.
        may_build: Whether the build backend may be asked for what only it knows.
    """
    declared = read_declared(folder)
    if declared is None:
        return None
    if declared.name and declared.entry_points is not None:
        return PythonProject(folder, declared.name, declared.entry_points, declared.file)
    if not may_build:
        return PythonProject(
            folder, declared.name or "", declared.entry_points or {}, declared.file, is_computed=True
        )
    built = read_built(folder)
    name = built.name or declared.name or ""
    return PythonProject(folder, name, built.entry_points or {}, declared.file, built.problem, built.fix)
