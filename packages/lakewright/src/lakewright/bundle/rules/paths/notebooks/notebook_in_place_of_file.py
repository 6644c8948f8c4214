"""LW406: A task needs a plain file, but its path leads to a notebook."""

from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.rules.base import Rule


class NotebookInPlaceOfFile(Rule):
    """A task needs a plain file, but its path leads to a notebook.

    ## What it does

    Checks the first line of the files that a `spark_python_task` or a `sql_task` names.

    ## Why is this bad?

    Databricks imports it as a notebook, so the workspace has no file with this name, and the task fails. The
    Databricks CLI refuses the bundle.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          tasks: [{task_key: load, sql_task: {warehouse_id: a1, file: {path: load.sql}}}]
    ```

    ```sql load.sql
    -- Databricks notebook source
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

    code = "LW406"
    name = "notebook-in-place-of-file"
    severity = "error"

    @classmethod
    def of(cls, text: str) -> Diagnostic:
        """Return the finding for a path; the caller adds the place."""
        return cls.finding(
            f"expected a file but {text} is a notebook",
            fix="remove its first line `Databricks notebook source`, or run it as a `notebook_task`",
        )
