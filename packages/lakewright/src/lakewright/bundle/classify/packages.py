"""The package that a wheel task runs: the project's own sources, else a built wheel, else what is installed here.

The dry run and the run both take it from here, so that they cannot differ.
"""

import zipfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from importlib import metadata
from pathlib import Path

from packaging.utils import InvalidWheelFilename, canonicalize_name, parse_wheel_filename

from lakewright.bundle.model.bundle import Bundle
from lakewright.bundle.paths.wheel_names import distribution_of, wheel_path
from lakewright.bundle.project_files import expected_file, local_file
from lakewright.bundle.python_projects.declared import parse_ini
from lakewright.bundle.python_projects.functions import defines
from lakewright.bundle.python_projects.of_bundle import python_projects
from lakewright.bundle.python_projects.project import PythonProject, read_project


@dataclass(frozen=True)
class Package:
    """A package as it is found here.

    Attributes:
        sys_path: Folders and wheels for `sys.path`.
        entry_points: The target of each entry point that the package declares.
        place: Where they are declared: a file of the project, a wheel, or the installed package; empty if it is nowhere.
        problem: Why it cannot be run, although it is there.
        fix: What to do about it.
    """

    sys_path: tuple[Path, ...] = ()
    entry_points: Mapping[str, str] = field(default_factory=dict)
    place: str = ""
    problem: str | None = None
    fix: str | None = None


def find_package(
    bundle: Bundle, name: str, entry_point: str, libraries: Iterable[str], *, may_build: bool = True
) -> Package:
    """Find the package of a wheel task; a wheel of the bundle need not be built, because its sources are newer.

    Args:
        bundle: A loaded bundle.
        name: The package, as `package_name` of the task has it.
        entry_point: The entry point that is asked for.
        libraries: The wheels that the task names, as they are written; `*` is allowed.
        may_build: Whether a build backend may be asked for what only the build knows. If not, a package whose entry
            points are computed has no problem.
    """
    libraries = list(libraries)
    projects = _projects(bundle, libraries, may_build=may_build)
    wheels = [wheel for library in libraries for wheel in _files(bundle, library)]
    others = tuple(
        wheel
        for wheel in wheels
        if distribution_of(wheel.name) != canonicalize_name(name) and not _is_installed(wheel)
    )
    if own := next((project for project in projects if project.builds(name)), None):
        return _of_project(own, entry_point, others)
    is_built_here = any(expected_file(bundle, wheel_path(library)) for library in libraries)
    unread = next((project for project in projects if not project.name), None)
    if is_built_here and unread:
        return Package(others, {}, str(unread.file), unread.problem, unread.fix)
    for wheel in wheels:
        if distribution_of(wheel.name) == canonicalize_name(name):
            return _of_wheel_file(wheel, others, name, entry_point)
    return _installed(name, entry_point, others)


def find_libraries(bundle: Bundle, libraries: Iterable[str]) -> tuple[Path, ...]:
    """Find the folders and files for `sys.path` of the wheels that a task names.

    A wheel that the bundle itself builds (`./dist/flights-*.whl`, `./dist/*.whl`) is its sources, built or not; any
    other is the newest file that fits. A wheel that is neither is left out: it may be installed here. So is one that is
    installed here in the same version, as those in a project's `wheels/` are.

    Args:
        bundle: A loaded bundle.
        libraries: Paths as the task names them; `*` is allowed.
    """
    libraries = list(libraries)
    own = {
        canonicalize_name(project.name): project
        for project in _projects(bundle, libraries, may_build=True)
        if project.name
    }
    found: list[Path] = []
    for library in libraries:
        wanted = distribution_of(library)
        projects = [project for name, project in own.items() if fnmatchcase(name, wanted)]
        found += [folder for project in projects for folder in _source_folders(project)] or [
            wheel for wheel in _files(bundle, library) if not _is_installed(wheel)
        ]
    return tuple(dict.fromkeys(found))


def _projects(bundle: Bundle, libraries: Iterable[str], *, may_build: bool) -> list[PythonProject]:
    """Return the projects that the bundle builds, and those in whose `dist/` a task looks for wheels."""
    files = (expected_file(bundle, wheel_path(library)) for library in libraries)
    folders = dict.fromkeys(file.parent.parent for file in files if file and file.parent.name == "dist")
    built = python_projects(bundle, may_build=may_build)
    others = [
        folder for folder in folders if folder.is_dir() and all(project.folder != folder for project in built)
    ]
    return [*built, *(project for folder in others if (project := read_project(folder, may_build=may_build)))]


def _of_project(project: PythonProject, entry_point: str, others: tuple[Path, ...]) -> Package:
    """Return the package with the sources of its project, checked as far as that needs no import."""
    target = project.target(entry_point)
    module = (target or "").partition(":")[0]
    folders = dict.fromkeys([*project.source_roots(module), *_source_folders(project)])
    package = Package(
        (*folders, *others), project.entry_points, str(project.file), project.problem, project.fix
    )
    if project.problem or project.is_computed:
        return package
    flaw = project.flaw_of(target) if target else None
    if flaw:
        fix = f"correct the entry point in {project.file.name}, or add what it names below {project.folder}"
        problem = f"the entry point `{entry_point}` is `{target}`, and {flaw}"
        return Package(package.sys_path, package.entry_points, package.place, problem, fix)
    points = {**project.entry_points, entry_point: target} if target else project.entry_points
    return _checked(Package(package.sys_path, points, package.place), project.name, entry_point)


def _checked(package: Package, name: str, entry_point: str) -> Package:
    """Return the package, with a problem if it lacks the entry point."""
    if entry_point in package.entry_points:
        return package
    from databricks_utils.nearest import did_you_mean

    fix = did_you_mean(entry_point, package.entry_points) or f"add `{entry_point}` to its entry points"
    problem = f"package `{name}` has no entry point `{entry_point}`"
    return Package(package.sys_path, package.entry_points, package.place, problem, fix)


def _source_folders(project: PythonProject) -> tuple[Path, ...]:
    src = project.folder / "src"
    return project.source_roots() or (src if src.is_dir() else project.folder,)


def _files(bundle: Bundle, library: str) -> list[Path]:
    found = local_file(bundle, wheel_path(library))
    return [found] if found is not None else []


def _is_installed(wheel: Path) -> bool:
    """Return whether the package of a wheel is installed here in the wheel's version."""
    try:
        name, version, _, _ = parse_wheel_filename(wheel.name)
        return metadata.version(name) == str(version)
    except (InvalidWheelFilename, metadata.PackageNotFoundError):
        return False


def _of_wheel_file(wheel: Path, others: tuple[Path, ...], name: str, entry_point: str) -> Package:
    """Return the package in a wheel, with a problem if the file is none or lacks the entry point."""
    try:
        points = _of_wheel(wheel, name, entry_point)
    except (zipfile.BadZipFile, zlib.error, OSError, UnicodeDecodeError) as error:
        problem = f"the wheel {wheel.name} cannot be read: {error}"
        return Package((wheel, *others), {}, str(wheel), problem, f"build it again: {wheel}")
    return _checked(Package((wheel, *others), points, str(wheel)), name, entry_point)


def _of_wheel(wheel: Path, name: str, entry_point: str) -> dict[str, str]:
    """Return the entry points of a wheel, and the function of the package itself that is asked for."""
    module = canonicalize_name(name).replace("-", "_")
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        declared = next((each for each in names if each.endswith(".dist-info/entry_points.txt")), None)
        points = parse_ini(archive.read(declared).decode()) if declared else {}
        for file in (f"{module}/__init__.py", f"{module}.py"):
            if entry_point not in points and file in names and defines(archive.read(file), entry_point):
                points[entry_point] = f"{module}:{entry_point}"
    return points


def _installed(name: str, entry_point: str, wheels: tuple[Path, ...]) -> Package:
    try:
        found = metadata.distribution(name)
    except (metadata.PackageNotFoundError, ValueError):
        return Package(wheels)
    points = {point.name: point.value.partition("[")[0].strip() for point in found.entry_points}
    module = canonicalize_name(name).replace("-", "_")
    for file in (f"{module}/__init__.py", f"{module}.py"):
        path = Path(str(found.locate_file(file)))
        if entry_point not in points and path.is_file() and defines(path.read_bytes(), entry_point):
            points[entry_point] = f"{module}:{entry_point}"
    return _checked(
        Package(wheels, points, f"the installed package {name} {found.version}"), name, entry_point
    )
