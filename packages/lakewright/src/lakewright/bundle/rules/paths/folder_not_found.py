"""LW407: A folder does not exist."""

from lakewright.bundle.model.diagnostic import Diagnostic, Location
from lakewright.bundle.rules.base import Rule


class FolderNotFound(Rule):
    """A folder does not exist.

    ## What it does

    Looks for the folders of dbt projects, apps, artifacts and pipelines, relative to the file that names them.

    ## Why is this bad?

    There is nothing to upload or build. The Databricks CLI refuses the bundle.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    resources: {apps: {dashboard: {name: dashboard, source_code_path: ./dashbord}}}
    ```

    ```python dashboard/app.py
    print("hello")
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    resources: {apps: {dashboard: {name: dashboard, source_code_path: ./dashboard}}}
    ```

    ```python dashboard/app.py
    print("hello")
    ```
    """

    code = "LW407"
    name = "folder-not-found"
    severity = "error"
    fixable = "if one name is similar"

    @classmethod
    def of(cls, text: str, fix: str, *, is_file: bool = False) -> Diagnostic:
        """Return the finding for a path; the fix depends on what lies near it, and the caller adds the place."""
        return cls.finding(f"directory {text} {'is not a directory' if is_file else 'not found'}", fix=fix)

    @classmethod
    def of_artifact(cls, text: str, fix: str, location: Location | None) -> Diagnostic:
        """Return the finding for the folder of an artifact."""
        return cls.finding(f"directory {text} not found", location=location, path="artifacts", fix=fix)
