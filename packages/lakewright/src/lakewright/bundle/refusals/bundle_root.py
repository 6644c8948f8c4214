"""The folder of the bundle: what the Databricks CLI refuses in its path, and `DATABRICKS_BUNDLE_ROOT`, which names another one.

Source: https://github.com/databricks/cli/blob/main/bundle/root.go and bundle/config/loader/process_root_includes.go
"""

from pathlib import Path

from lakewright.bundle.model.diagnostic import Location
from lakewright.bundle.model.draft import Draft
from lakewright.bundle.rules.files.includes.pattern_in_folder_name import PatternInFolderName
from lakewright.bundle.rules.targets.other_bundle_root import OtherBundleRoot

_VARIABLE = "DATABRICKS_BUNDLE_ROOT"
_OF_PATTERNS = "*?[]^"
_ROOT_FILES = ("databricks.yml", "databricks.yaml", "bundle.yml", "bundle.yaml")


def check_folder_name(draft: Draft) -> None:
    """Refuse a folder whose path the CLI would read as a pattern."""
    folder = str(draft.root)
    found = next((character for character in _OF_PATTERNS if character in folder), None)
    if found:
        draft.add(PatternInFolderName.of(folder, found, Location(draft.file, 1, 1)))


def check_bundle_root(draft: Draft) -> None:
    """Warn of a variable that points elsewhere; the folder that is checked is never changed by it."""
    value = draft.environ.get(_VARIABLE)
    if not value:
        return
    try:
        folder = Path(value).resolve()
        files = [name for name in _ROOT_FILES if (folder / name).is_file()]
        if folder.is_dir() and folder.samefile(draft.root):
            return
    except (OSError, ValueError):
        files = []
    problem = None if files else "no bundle is there, and the Databricks CLI stops with an error"
    draft.add(OtherBundleRoot.of(value, problem, Location(draft.file, 1, 1)))
