"""The context of a notebook, as code asks for it by `dbutils.notebook.entry_point.getDbutils().notebook().getContext()`.

On Databricks these are objects of Scala: values come as options, with `get()` and `getOrElse(…)`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from lakewright.runner.errors import RunnerError
from lakewright.storage.machine_user import machine_user


class NoWorkspaceError(RunnerError, NotImplementedError):
    """Raised when code asks for a workspace's address or token."""


class NoValueError(RunnerError, LookupError):
    """Raised when an option has no value."""


@dataclass(frozen=True)
class Option:
    """A value that may be missing."""

    value: str | None

    def get(self) -> str:
        """The value.

        Raises:
            NoValueError: There is none.
        """
        if self.value is None:
            raise NoValueError("None.get", fix="ask with getOrElse(…), or isDefined()")
        return self.value

    def getOrElse(self, default: Any) -> Any:  # noqa: N802 - Scala's name
        """The value, or `default`."""
        return default if self.value is None else self.value

    def isDefined(self) -> bool:  # noqa: N802 - Scala's name
        """Whether there is a value."""
        return self.value is not None


@dataclass(frozen=True)
class Tags:
    """The tags of a run."""

    values: Mapping[str, str]

    def get(self, key: str) -> Option:
        """A tag."""
        return Option(self.values.get(key))

    def apply(self, key: str) -> str:
        """A tag.

        Raises:
            NoValueError: There is no such tag.
        """
        return self.get(key).get()


@dataclass(frozen=True)
class NotebookContext:
    """What is known about a notebook's run.

    Attributes:
        path: The notebook's path in the workspace; of one that is not uploaded, that of its file without its extension.
        user: Who runs it.
        job: Name and run id of the job; empty outside of a job.
    """

    path: str
    user: str
    job: Mapping[str, Any]

    def notebookPath(self) -> Option:  # noqa: N802 - Databricks' name
        """The path of the notebook in the workspace, without `/Workspace`."""
        return Option(self.path)

    def userName(self) -> Option:  # noqa: N802 - Databricks' name
        """Who runs it."""
        return Option(self.user)

    def tags(self) -> Tags:
        """The tags that a job sets: `jobName`, `runId`, `user`."""
        found = {"jobName": self.job.get("name"), "runId": self.job.get("run_id"), "user": self.user}
        return Tags({key: str(value) for key, value in found.items() if value})

    def currentRunId(self) -> Option:  # noqa: N802 - Databricks' name
        """The id of the run."""
        return self.tags().get("runId")

    def toJson(self) -> str:  # noqa: N802 - Databricks' name
        """All of it as JSON."""
        return json.dumps({"extraContext": {"notebook_path": self.path}, "tags": dict(self.tags().values)})

    safeToJson = toJson  # noqa: N815 - Databricks' name

    def apiUrl(self) -> NoReturn:  # noqa: N802 - Databricks' name
        """Refused: the address of the workspace.

        Raises:
            NoWorkspaceError: Always.
        """
        _refuse("apiUrl")

    def apiToken(self) -> NoReturn:  # noqa: N802 - Databricks' name
        """Refused: a token of the workspace.

        Raises:
            NoWorkspaceError: Always.
        """
        _refuse("apiToken")

    # The way from `dbutils.notebook.entry_point` to the context.
    def getDbutils(self) -> NotebookContext:  # noqa: N802 - Databricks' name
        """A step of the way."""
        return self

    def notebook(self) -> NotebookContext:
        """A step of the way."""
        return self

    def getContext(self) -> NotebookContext:  # noqa: N802 - Databricks' name
        """The context."""
        return self


def user_name(principal: str | None) -> str:
    """The principal of a task, or the user of this machine."""
    return principal or machine_user()


def _refuse(method: str) -> NoReturn:
    raise NoWorkspaceError(
        f"`{method}()`: a local run contacts no workspace",
        fix="keep the call in a task that only runs in a workspace",
    )
