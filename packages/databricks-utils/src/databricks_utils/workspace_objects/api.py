"""The workspace's REST interface, as far as objects need it.

The calls are plain requests, because runtimes carry versions of `databricks-sdk` that lack newer services.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import quote

from databricks_utils.config.environment import LOCAL
from databricks_utils.workspace_objects.errors import NoWorkspaceError

if TYPE_CHECKING:
    from databricks_utils.context import Context


class Api(Protocol):
    """What `WorkspaceClient().api_client` offers: requests with sign-in, retries and typed errors."""

    def do(
        self,
        method: str,
        path: str,
        *,
        query: dict[str, Any] | None = None,
        body: dict[str, Any] | None = None,
    ) -> Any:  # noqa: ANN401 - JSON
        """Send a request and return its JSON."""


def workspace_api(context: Context) -> Api:
    """Return the workspace that a job runs in, signed in as whom the job runs as.

    Args:
        context: The context of the task.

    Raises:
        NoWorkspaceError: The environment is `local`, or `databricks-sdk` is missing.
    """
    if context.config.environment == LOCAL:
        raise NoWorkspaceError(
            "this task needs a workspace, and the environment is `local`",
            fix="name its entry point in pyproject.toml: [tool.lakewright] workspace_tasks; a local run then leaves it out",
        )
    try:
        from databricks.sdk import WorkspaceClient
    except ImportError as error:
        raise NoWorkspaceError(
            "databricks-sdk is not installed; runtimes have it", fix="pip install databricks-sdk"
        ) from error
    api: Api = WorkspaceClient().api_client
    return api


def find(api: Api, path: str, *names: str) -> dict[str, Any] | None:
    """Return an object; None if it does not exist.

    Args:
        api: The workspace.
        path: The path of its kind.
        *names: Names or ids that follow the path.
    """
    from databricks.sdk.errors import NotFound

    try:
        found: dict[str, Any] = api.do("GET", "/".join((path, *(quote(name, safe="") for name in names))))
    except NotFound:
        return None
    return found
