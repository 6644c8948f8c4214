"""Which file is the root of the bundle that a folder belongs to."""

from pathlib import Path

from lakewright.bundle.model.bundle import BundleNotFoundError

ROOT_FILES = ("databricks.yml", "databricks.yaml", "bundle.yml", "bundle.yaml")


def find_root(start: Path) -> Path:
    """Return the root file of the bundle that a folder belongs to.

    Args:
        start: A folder; it and the folders above it are searched. A root file itself is fine too.

    Raises:
        BundleNotFoundError: If there is none.
    """
    start = start.resolve()
    if start.is_file():
        return start
    for folder in (start, *start.parents):
        found = [folder / name for name in ROOT_FILES if (folder / name).is_file()]
        if len(found) > 1:
            names = ", ".join(file.name for file in found)
            raise BundleNotFoundError(
                f"multiple bundle root configuration files found in {folder}",
                detail=f"found {names}",
                location=str(folder),
                fix=f"keep {found[0].name} and remove the others",
            )
        if found:
            return found[0]
    raise BundleNotFoundError(
        "no bundle found here",
        detail=f"looked for {', '.join(ROOT_FILES)} in {start} and every folder above it",
        location=str(start),
        fix="change to the folder of your databricks.yml, or make a project with `lakewright init NAME`",
    )
