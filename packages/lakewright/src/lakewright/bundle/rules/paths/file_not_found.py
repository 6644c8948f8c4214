"""LW405: A file does not exist."""

from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.rules.base import Rule


class FileNotFound(Rule):
    """A file does not exist.

    ## What it does

    Looks for the Python files, SQL files, requirements and other files that tasks and pipelines name,
    relative to the file that names them.

    ## Why is this bad?

    The task has nothing to run. The Databricks CLI refuses the bundle.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          tasks: [{task_key: load, sql_task: {warehouse_id: a1, file: {path: laod.sql}}}]
    ```

    ```sql load.sql
    SELECT 1
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          tasks: [{task_key: load, sql_task: {warehouse_id: a1, file: {path: load.sql}}}]
    ```

    ```sql load.sql
    SELECT 1
    ```
    """

    code = "LW405"
    name = "file-not-found"
    severity = "error"
    fixable = "if one name is similar"

    @classmethod
    def of(cls, text: str, fix: str) -> Diagnostic:
        """Return the finding for a path; the fix depends on what lies near it, and the caller adds the place."""
        return cls.finding(f"file {text} not found", fix=fix)
