"""Findings about requests for our packages by their bare name, in the bundle and in the files beside it."""

from collections.abc import Iterator
from pathlib import Path

from lakewright.bundle.jobs.view import BundleView, JobView, TaskView
from lakewright.bundle.model.bundle import Bundle
from lakewright.bundle.model.diagnostic import Diagnostic, Location
from lakewright.bundle.project_files import local_file
from lakewright.bundle.rules.code.package_without_source import PackageWithoutSource
from lakewright.wheels.names import asks_an_index
from lakewright.wheels.requests import Request, in_notebook, in_pyproject, in_requirements, names_one_index


def package_source_findings(view: BundleView) -> Iterator[Diagnostic]:
    """Yield each place that asks an index for one of our packages."""
    seen: set[Path] = set()
    for job in view.jobs.values():
        yield from _environments(job)
        for task in job.all_tasks:
            yield from _libraries(task)
            yield from _notebook(task, seen)
    yield from _pipelines(view.bundle)
    yield from _files(view)


def _libraries(task: TaskView) -> Iterator[Diagnostic]:
    for index, library in enumerate(task.spec.get("libraries") or ()):
        pypi = library.get("pypi") if isinstance(library, dict) else None
        wanted = str((pypi or {}).get("package") or "")
        if not (pypi or {}).get("repo") and (name := asks_an_index(wanted)):
            path = f"{task.path}.libraries[{index}].pypi.package"
            place = task.job.bundle.locate(path)
            yield PackageWithoutSource.of(wanted, name, place, path, index="`repo: ADDRESS` beside it")


def _environments(job: JobView) -> Iterator[Diagnostic]:
    for index, environment in enumerate(job.spec.get("environments") or ()):
        spec = environment.get("spec") if isinstance(environment, dict) else None
        listed = (spec or {}).get("dependencies") or ()
        path = f"{job.path}.environments[{index}].spec.dependencies"
        yield from _dependencies(job.bundle, path, [str(entry) for entry in listed])


def _pipelines(bundle: Bundle) -> Iterator[Diagnostic]:
    for key, pipeline in ((bundle.resolved.get("resources") or {}).get("pipelines") or {}).items():
        environment = pipeline.get("environment") if isinstance(pipeline, dict) else None
        listed = (environment or {}).get("dependencies") or ()
        path = f"resources.pipelines.{key}.environment.dependencies"
        yield from _dependencies(bundle, path, [str(entry) for entry in listed])


def _dependencies(bundle: Bundle, path: str, listed: list[str]) -> Iterator[Diagnostic]:
    """Yield the requests of an environment, whose entries are the lines of a requirements file."""
    if names_one_index(listed):
        return
    for index, wanted in enumerate(listed):
        if name := asks_an_index(wanted):
            place = f"{path}[{index}]"
            yield PackageWithoutSource.of(wanted, name, bundle.locate(place), place)
        elif (file := _requirements(bundle, wanted)) is not None:
            yield from _found(file, in_requirements(_text(file)))


def _requirements(bundle: Bundle, wanted: str) -> Path | None:
    """Return the file of an entry `-r FILE`; None if it lies beside the bundle, where each such file is read anyway."""
    file = local_file(bundle, wanted[3:].strip(" \"'")) if wanted.startswith("-r ") else None
    return file if file is not None and file.is_file() and file.parent != bundle.root else None


def _notebook(task: TaskView, seen: set[Path]) -> Iterator[Diagnostic]:
    path = task.part("notebook_task").get("notebook_path")
    file = local_file(task.job.bundle, path) if isinstance(path, str) and path else None
    if file is not None and file.is_file() and file not in seen:
        seen.add(file)
        yield from _found(file, in_notebook(_text(file)))


def _files(view: BundleView) -> Iterator[Diagnostic]:
    root = view.bundle.root
    for file in sorted(root.glob("requirements*.txt")):
        yield from _found(file, in_requirements(_text(file)))
    folders = dict.fromkeys([root, *(project.folder for project in view.python_projects)])
    for file in (folder / "pyproject.toml" for folder in folders):
        if file.is_file():
            yield from _found(file, in_pyproject(_text(file)))


def _found(file: Path, requests: Iterator[Request]) -> Iterator[Diagnostic]:
    for request in requests:
        yield PackageWithoutSource.of(request.requirement, request.name, Location(file, request.line, 1))


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8", errors="replace")
