"""LW404: The path of a notebook lacks the file's ending."""

from lakewright.bundle.model.diagnostic import Diagnostic, Location
from lakewright.bundle.rules.base import Rule


class NotebookWithoutEnding(Rule):
    """The path of a notebook lacks the file's ending.

    ## What it does

    Reports `load` if the file is `load.py`.

    ## Why is this bad?

    A local run finds the file, but the Databricks CLI refuses the bundle.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          tasks: [{task_key: load, notebook_task: {notebook_path: load}}]
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

    code = "LW404"
    name = "notebook-without-ending"
    severity = "warning"
    fixable = "yes"

    @classmethod
    def of(cls, text: str, ending: str, location: Location | None, path: str) -> Diagnostic:
        """Return the finding for a path and the ending that it lacks."""
        return cls.finding(
            f"the notebook {text} is named without its ending",
            detail="a local run finds it; the Databricks CLI refuses to deploy it",
            location=location,
            path=path,
            fix=f"write `{text}{ending}`",
        )
