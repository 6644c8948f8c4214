"""Which project a command is about: the nearest folder upwards that holds a bundle."""

from pathlib import Path

from lakewright.errors import LakewrightError

BUNDLE_FILES = ("databricks.yml", "databricks.yaml", "bundle.yml", "bundle.yaml")


class ProjectNotFoundError(LakewrightError, FileNotFoundError):
    """Raised when no folder upwards from here holds a bundle."""


def find_project(start: Path) -> Path:
    """Find the project's root, from any folder inside it.

    Raises:
        ProjectNotFoundError: Neither `start` nor any folder above it holds a bundle file.
    """
    start = start.absolute()
    for folder in (start, *start.parents):
        if any((folder / name).is_file() for name in BUNDLE_FILES):
            return folder
    raise ProjectNotFoundError(
        "this folder belongs to no project: no bundle file here or in any folder above",
        location=str(start),
        detail="looked for: " + ", ".join(BUNDLE_FILES),
        fix="change into a project, or make one: lakewright init NAME",
    )
