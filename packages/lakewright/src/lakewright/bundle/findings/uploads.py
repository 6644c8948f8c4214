"""Findings about files that a task needs and a deployment does not upload, and about `sync` patterns without a match."""

from collections.abc import Iterator
from pathlib import Path

from lakewright.bundle.jobs.view import BundleView, TaskView
from lakewright.bundle.model.bundle import Bundle
from lakewright.bundle.model.diagnostic import Diagnostic, Location
from lakewright.bundle.paths.local_path import is_local, is_local_dependency
from lakewright.bundle.paths.wheel_names import is_wheel
from lakewright.bundle.project_files import local_file
from lakewright.bundle.rules.paths.uploads.file_not_uploaded import FileNotUploaded
from lakewright.bundle.rules.paths.uploads.module_not_uploaded import ModuleNotUploaded
from lakewright.bundle.rules.paths.uploads.sync_pattern_without_match import SyncPatternWithoutMatch
from lakewright.bundle.uploads.ignoring import Uploads
from lakewright.bundle.uploads.imports import needs_of

_FILES = (
    ("notebook_task", "notebook_path"),
    ("spark_python_task", "python_file"),
    ("sql_task", "file", "path"),
)


def upload_findings(view: BundleView) -> Iterator[Diagnostic]:
    """Yield what a deployment leaves out although a task needs it, and the patterns that match nothing."""
    uploads = Uploads(view.bundle)
    yield from _patterns(view.bundle, uploads)
    seen: set[Path] = set()
    for job in view.jobs.values():
        for task in job.all_tasks:
            yield from _task(task, uploads, seen)


def _patterns(bundle: Bundle, uploads: Uploads) -> Iterator[Diagnostic]:
    for field in ("include", "exclude"):
        patterns = [str(pattern) for pattern in uploads.sync.get(field) or ()]
        for index in uploads.without_match(patterns):
            path = f"sync.{field}[{index}]"
            yield SyncPatternWithoutMatch.of(patterns[index], bundle.locate(path), path)


def _task(task: TaskView, uploads: Uploads, seen: set[Path]) -> Iterator[Diagnostic]:
    bundle = task.job.bundle
    for field, file in _files(task):
        path = f"{task.path}.{field}"
        if reason := uploads.left_out(file):
            yield FileNotUploaded.of(_shown(bundle, file), reason, bundle.locate(path), path)
        for need in needs_of(file, _roots(bundle)):
            reason = (
                None if need.file in seen or _is_in_a_wheel(task, need.file) else uploads.left_out(need.file)
            )
            if reason:
                seen.add(need.file)
                needed = f"{_shown(bundle, need.by)} needs `{need.name}`", Location(need.by, need.line, 1)
                place = bundle.locate(path)
                yield ModuleNotUploaded.of(_shown(bundle, need.file), reason, needed, place, path)


def _files(task: TaskView) -> Iterator[tuple[str, Path]]:
    """Yield the files of the project that a task runs, each with its field."""
    for steps in _FILES:
        value: object = task.spec
        for step in steps:
            value = value.get(step) if isinstance(value, dict) else None
        holder = task.part(steps[0])
        source = (task.part("sql_task").get("file") or {}).get("source") or holder.get("source")
        if source == "GIT" or (task.job.spec.get("git_source") and source != "WORKSPACE"):
            continue
        file = local_file(task.job.bundle, value) if isinstance(value, str) and value else None
        if file is not None and file.is_file():
            yield ".".join(steps), file


def _roots(bundle: Bundle) -> list[Path]:
    """Return the folders that the modules of a project usually lie in."""
    return [bundle.root, bundle.root / "src", bundle.sync_root]


def _is_in_a_wheel(task: TaskView, module: Path) -> bool:
    """Return whether a module reaches the task in a wheel that the bundle builds; for a build no `.gitignore` counts."""
    if not any(is_local(wheel) or is_local_dependency(wheel) for wheel in _wheels(task)):
        return False
    sources = [root for project in task.job.view.python_projects for root in project.source_roots()]
    return any(module.is_relative_to(source) for source in sources)


def _wheels(task: TaskView) -> Iterator[str]:
    yield from (str(library["whl"]) for library in task.spec.get("libraries") or () if library.get("whl"))
    for environment in task.job.spec.get("environments") or ():
        if environment.get("environment_key") == task.spec.get("environment_key"):
            dependencies = (environment.get("spec") or {}).get("dependencies") or ()
            yield from (str(each) for each in dependencies if is_wheel(str(each)))


def _shown(bundle: Bundle, file: Path) -> str:
    return (
        file.relative_to(bundle.sync_root).as_posix() if file.is_relative_to(bundle.sync_root) else str(file)
    )
