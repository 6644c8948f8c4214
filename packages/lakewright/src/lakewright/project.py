"""Find the project of a command: the nearest folder upwards that contains a bundle."""

from pathlib import Path

from lakewright.errors import LakewrightError

BUNDLE_FILES = ("databricks.yml", "databricks.yaml", "bundle.yml", "bundle.yaml")


class ProjectNotFoundError(LakewrightError, FileNotFoundError):
    """Raised when neither this folder nor any folder above it contains a bundle."""


def find_project(start: Path) -> Path:
    """Return the project's root, from any folder inside it.

    Raises:
        ProjectNotFoundError: Neither `start` nor any folder above it contains a bundle file.
    """
    start = start.absolute()
    for folder in (start, *start.parents):
        if any((folder / name).is_file() for name in BUNDLE_FILES):
            return folder
    raise ProjectNotFoundError(
        "this folder is not in a project: there is no bundle file here or in any folder above",
        location=str(start),
        detail="looked for: " + ", ".join(BUNDLE_FILES),
        fix="change to a project's folder, or create a project: lakewright init NAME",
    )
