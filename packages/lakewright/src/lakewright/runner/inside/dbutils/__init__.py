"""`dbutils` in a local run: the parts that make sense on one machine; the rest is refused with the reason."""

from __future__ import annotations

from lakewright.runner.errors import RunnerError
from lakewright.runner.inside.dbutils.file_info import FileInfo
from lakewright.runner.inside.dbutils.filesystem import FileSystem
from lakewright.runner.inside.dbutils.jobs import Jobs
from lakewright.runner.inside.dbutils.notebook import NotebookTools
from lakewright.runner.inside.dbutils.secrets import Secrets
from lakewright.runner.inside.dbutils.widgets import Widgets

__all__ = ["DBUtils", "FileInfo", "UnsupportedHereError"]


class UnsupportedHereError(RunnerError, NotImplementedError):
    """Raised when project code uses a part of `dbutils` that only a workspace has."""


class Library:
    """`dbutils.library`: packages belong to the project's environment, so nothing is restarted."""

    def restartPython(self) -> None:  # noqa: N802 - Databricks' name
        """Do nothing but print that: a task's process already started with the project's packages."""
        print("dbutils.library.restartPython: nothing to do, the task has the project's own environment")  # noqa: T201 - output of the task


class DBUtils:
    """The object that notebooks know as `dbutils`.

    Args:
        widgets: Parameters and their widgets.
        jobs: Task values.
        secrets: Secrets from the environment.
        fs: Files.
        notebook: `run` and `exit`.
    """

    def __init__(
        self, *, widgets: Widgets, jobs: Jobs, secrets: Secrets, fs: FileSystem, notebook: NotebookTools
    ) -> None:
        self.widgets = widgets
        self.jobs = jobs
        self.secrets = secrets
        self.fs = fs
        self.notebook = notebook
        self.library = Library()

    def help(self, name: str | None = None) -> None:
        """Print what there is; with a name, the methods of that part."""
        parts = {key: part for key, part in vars(self).items() if name in {None, key}}
        for key, part in parts.items():
            methods = [
                item for item in dir(part) if not item.startswith("_") and callable(getattr(part, item))
            ]
            print(f"dbutils.{key}: {', '.join(methods)}")  # noqa: T201 - printing is what help does

    def __getattr__(self, name: str) -> object:
        """Raise an error with what exists, instead of a bare AttributeError."""
        if name.startswith("_"):
            raise AttributeError(name)
        raise UnsupportedHereError(
            f"`dbutils.{name}` does not exist in a local run",
            detail="there is: " + ", ".join(f"dbutils.{key}" for key in vars(self)),
            fix="keep this call behind a check of the environment, or run the task in a workspace",
        )
