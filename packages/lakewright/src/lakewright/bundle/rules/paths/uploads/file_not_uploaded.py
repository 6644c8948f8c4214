"""LW410: A task runs a file that a deployment does not upload."""

from lakewright.bundle.model.diagnostic import Diagnostic, Location
from lakewright.bundle.rules.base import Rule


class FileNotUploaded(Rule):
    """A task runs a file that a deployment does not upload.

    ## What it does

    Checks whether `.gitignore`, `sync.exclude` and `sync.paths` leave out the notebook, script or SQL file of a task.

    ## Why is this bad?

    A local run works, and a deployment reports no error. In the workspace the file is missing, and the task fails.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          tasks: [{task_key: load, notebook_task: {notebook_path: generated/load.py}}]
    ```

    ```python generated/load.py
    # Databricks notebook source
    print("loading")
    ```

    ```text .gitignore
    generated/
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    sync: {include: [generated/*.py]}
    resources:
      jobs:
        load:
          tasks: [{task_key: load, notebook_task: {notebook_path: generated/load.py}}]
    ```

    ```python generated/load.py
    # Databricks notebook source
    print("loading")
    ```

    ```text .gitignore
    generated/
    ```
    """

    code = "LW410"
    name = "file-not-uploaded"
    severity = "error"
    can_be_silenced = True

    @classmethod
    def of(cls, file: str, reason: str, location: Location | None, path: str) -> Diagnostic:
        """Return the finding for a task's file and what leaves it out."""
        return cls.finding(
            f"{file} is not deployed: {reason}",
            location=location,
            path=path,
            fix=f"add it to what is uploaded: `sync: {{include: [{file}]}}`, or remove the pattern",
        )
