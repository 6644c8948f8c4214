"""The folder that `DATABRICKS_BUNDLE_ROOT` names: the Databricks CLI takes it for the bundle, wherever it is started.

Source: https://github.com/databricks/cli/blob/main/bundle/root.go
"""

from pathlib import Path

from lakewright.bundle.model.diagnostic import Location
from lakewright.bundle.model.draft import Draft
from lakewright.bundle.rules.targets.other_bundle_root import OtherBundleRoot

_VARIABLE = "DATABRICKS_BUNDLE_ROOT"
_ROOT_FILES = ("databricks.yml", "databricks.yaml", "bundle.yml", "bundle.yaml")


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
