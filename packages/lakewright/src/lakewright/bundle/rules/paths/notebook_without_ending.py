"""LW404: A notebook is named without its ending."""

from lakewright.bundle.model.diagnostic import Diagnostic, Location
from lakewright.bundle.rules.base import Rule


class NotebookWithoutEnding(Rule):
    """A notebook is named without its ending.

    ## What it does

    Reports `load` where the file is called `load.py`.

    ## Why is this bad?

    A local run finds the file. The Databricks CLI refuses to deploy it.

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
