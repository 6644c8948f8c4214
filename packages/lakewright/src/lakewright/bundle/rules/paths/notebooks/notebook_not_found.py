"""LW402: A notebook does not exist."""

from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.rules.base import Rule


class NotebookNotFound(Rule):
    """A notebook does not exist.

    ## What it does

    Looks for the notebooks of tasks and pipelines, relative to the file that names them, with and without
    their ending.

    ## Why is this bad?

    The task has nothing to run. The Databricks CLI refuses the bundle.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          tasks: [{task_key: load, notebook_task: {notebook_path: laod.py}}]
    ```

    ```python load.py
    # Databricks notebook source
    print("loading")
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          tasks: [{task_key: load, notebook_task: {notebook_path: load.py}}]
    ```

    ```python load.py
    # Databricks notebook source
    print("loading")
    ```
    """

    code = "LW402"
    name = "notebook-not-found"
    severity = "error"
    fixable = "if one name is similar"

    @classmethod
    def of(cls, text: str, fix: str) -> Diagnostic:
        """Return the finding for a path; the fix depends on what lies near it, and the caller adds the place."""
        return cls.finding(f"notebook {text} not found", fix=fix)
