"""`dbutils` in a local run: the parts that make sense on one machine; the rest is refused with the reason."""

from __future__ import annotations

from lakewright.runner.errors import RunnerError
from lakewright.runner.inside.dbutils.credentials import Credentials
from lakewright.runner.inside.dbutils.data import Data
from lakewright.runner.inside.dbutils.file_info import FileInfo
from lakewright.runner.inside.dbutils.filesystem import FileSystem
from lakewright.runner.inside.dbutils.jobs import Jobs
from lakewright.runner.inside.dbutils.library import Library
from lakewright.runner.inside.dbutils.notebook import NotebookTools
from lakewright.runner.inside.dbutils.secrets import Secrets
from lakewright.runner.inside.dbutils.widgets import Widgets

__all__ = ["DBUtils", "FileInfo", "UnsupportedHereError"]


class UnsupportedHereError(RunnerError, NotImplementedError):
    """Raised when project code uses a part of `dbutils` that only a workspace has."""


class DBUtils:
    """The object that notebooks know as `dbutils`.

    Args:
        credentials: Refused, with the reason.
        data: Summaries of DataFrames.
        fs: Files.
        jobs: Task values.
        library: The notebook's Python.
        notebook: `run` and `exit`.
        secrets: Secrets from the environment.
        widgets: Parameters and their widgets.
    """

    def __init__(  # noqa: PLR0913 - the parts of dbutils
        self,
        *,
        credentials: Credentials,
        data: Data,
        fs: FileSystem,
        jobs: Jobs,
        library: Library,
        notebook: NotebookTools,
        secrets: Secrets,
        widgets: Widgets,
    ) -> None:
        self.credentials = credentials
        self.data = data
        self.fs = fs
        self.jobs = jobs
        self.library = library
        self.notebook = notebook
        self.secrets = secrets
        self.widgets = widgets

    def help(self, method_name: str = "") -> None:
        """Print the parts, or what one of them is for."""
        for name, part in vars(self).items():
            if method_name in {"", name}:
                first = (type(part).__doc__ or "").partition("\n")[0]
                print(f"dbutils.{name}: {first} dbutils.{name}.help() lists its methods.")  # noqa: T201 - printing is what help does

    def __getattr__(self, name: str) -> object:
        """Raise an error with what exists, instead of a bare AttributeError."""
        if name.startswith("_"):
            raise AttributeError(name)
        raise UnsupportedHereError(
            f"`dbutils.{name}` does not exist in a local run",
            detail="there is: " + ", ".join(f"dbutils.{key}" for key in vars(self)),
            fix="keep this call behind a check of the environment, or run the task in a workspace",
        )
