"""LW408: A path is relative to the wrong file."""

from pathlib import Path

from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.rules.base import Rule


class PathRelativeToOtherFile(Rule):
    """A path is relative to the wrong file.

    ## What it does

    Reports a path that leads to nothing from its own file, but to a file, notebook or folder from another YAML file
    that defines the same resource.

    ## Why is this bad?

    A path is relative to the file in which it is written. Older versions of the Databricks CLI also tried the
    other file; today it refuses the bundle.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    include: [resources/load.yml]
    targets:
      dev:
        resources:
          jobs:
            load:
              tasks: [{task_key: load, notebook_task: {notebook_path: ../src/load.py}}]
    ```

    ```yaml resources/load.yml
    resources: {jobs: {load: {name: Load}}}
    ```

    ```python src/load.py
    # Databricks notebook source
    print("loading")
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    include: [resources/load.yml]
    targets:
      dev:
        resources:
          jobs:
            load:
              tasks: [{task_key: load, notebook_task: {notebook_path: src/load.py}}]
    ```

    ```yaml resources/load.yml
    resources: {jobs: {load: {name: Load}}}
    ```

    ```python src/load.py
    # Databricks notebook source
    print("loading")
    ```
    """

    code = "LW408"
    name = "path-relative-to-other-file"
    severity = "error"
    fixable = "yes"

    @classmethod
    def of(cls, text: str, folder: Path, right: str) -> Diagnostic:
        """Return the finding for a path, the folder it counts from, and the right path; the caller adds the place."""
        return cls.finding(
            f"path {text} is defined relative to {folder}, not to the file that holds it",
            fix=f"write `{right}`",
        )

    @classmethod
    def of_python(cls, text: str, right: str) -> Diagnostic:
        """Return the finding for a path in Python code, and the right path; the caller adds the place."""
        return cls.finding(
            f"path {text} is defined relative to the Python file, not to the folder of databricks.yml",
            fix=f"write `{right}`: paths in Python code count from the bundle's root",
        )
