"""Objects of a workspace that a job makes after what they stand on exists: a monitor after its table, an endpoint after its model.

A bundle cannot declare them: at the first deployment there is no table and no model yet. Each function here may run any number of
times; it changes only what differs.
"""

from databricks_utils.workspace_objects.api import Api, workspace_api
from databricks_utils.workspace_objects.endpoint import ServedModel, ensure_endpoint
from databricks_utils.workspace_objects.errors import (
    EndpointBusyError,
    NoWorkspaceError,
    WorkspaceObjectError,
)
from databricks_utils.workspace_objects.monitor import TableMonitor, ensure_monitor
from databricks_utils.workspace_objects.outcome import Outcome

__all__ = [
    "Api",
    "EndpointBusyError",
    "NoWorkspaceError",
    "Outcome",
    "ServedModel",
    "TableMonitor",
    "WorkspaceObjectError",
    "ensure_endpoint",
    "ensure_monitor",
    "workspace_api",
]
