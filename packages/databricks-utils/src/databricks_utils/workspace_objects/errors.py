"""The errors of objects of a workspace."""

from databricks_utils.errors import DatabricksUtilsError


class WorkspaceObjectError(DatabricksUtilsError):
    """Base of every error about objects of a workspace."""


class NoWorkspaceError(WorkspaceObjectError, RuntimeError):
    """Raised where there is no workspace: in the environment `local`, or without `databricks-sdk`."""


class EndpointBusyError(WorkspaceObjectError, RuntimeError):
    """Raised when a serving endpoint is still being changed to another version."""
