"""The Python projects of a bundle: those in the folders of its artifacts, and the one in its own folder."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from lakewright.bundle.model.bundle import Bundle
from lakewright.bundle.python_projects.project import PythonProject, read_project


def python_projects(bundle: Bundle, *, may_build: bool) -> tuple[PythonProject, ...]:
    """Return the projects whose wheels a deployment builds, and the one that lies beside the bundle's root file.

    Args:
        bundle: A loaded bundle.
        may_build: Whether a build backend may be asked for what only the build knows.
    """
    artifacts = (bundle.resolved.get("artifacts") or {}).values()
    named = [
        folder
        for artifact in artifacts
        if isinstance(artifact, dict)
        for folder in _folders(bundle, artifact)
    ]
    folders = dict.fromkeys([*named, bundle.root])
    return tuple(
        project
        for folder in folders
        if folder.is_dir() and (project := read_project(folder, may_build=may_build))
    )


def _folders(bundle: Bundle, artifact: Mapping[str, Any]) -> Iterator[Path]:
    """Yield the folder of an artifact, and those whose `dist/` its build fills."""
    if artifact.get("path"):
        yield bundle.root / str(artifact["path"])
    for file in artifact.get("files") or ():
        source = Path(str(file.get("source") or ""))
        if source.parent.name == "dist" and source.suffix == ".whl":
            yield bundle.root / source.parent.parent
