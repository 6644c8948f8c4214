"""LW401: A path leads out of the uploaded folder."""

from pathlib import Path

from lakewright.bundle.model.diagnostic import Diagnostic, Location
from lakewright.bundle.rules.base import Rule


class PathOutsideSyncRoot(Rule):
    """A path leads out of the uploaded folder.

    ## What it does

    Reports relative paths that leave the bundle's folder and every folder in `sync.paths`, and folders in `sync.paths`
    that lie outside of the git repository of the bundle.

    ## Why is this bad?

    The file is not uploaded, so the task does not find it. The Databricks CLI refuses the bundle.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          tasks: [{task_key: load, notebook_task: {notebook_path: ../load.py}}]
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

    code = "LW401"
    name = "path-outside-sync-root"
    severity = "error"

    @classmethod
    def of(cls, text: str, sync_root: Path) -> Diagnostic:
        """Return the finding for a path; the caller adds the place."""
        return cls.finding(
            f"path {text} is not contained in sync root path {sync_root}",
            fix="move the file below the bundle's folder, or add its folder to `sync.paths`",
        )

    @classmethod
    def of_repository(
        cls, folder: Path, repository: Path, location: Location | None, path: str
    ) -> Diagnostic:
        """Return the finding for a folder of `sync.paths`."""
        return cls.finding(
            f"path {folder} is not within repository root {repository}",
            location=location,
            path=path,
            fix="move the folder into the git repository, or remove it from `sync.paths`",
        )
