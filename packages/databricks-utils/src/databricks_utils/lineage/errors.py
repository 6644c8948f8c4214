"""The errors of lineage. A step raises them only if it asks for it; else they become a line of its log."""

from databricks_utils.errors import DatabricksUtilsError


class LineageError(DatabricksUtilsError):
    """Base of every error about lineage."""


class LineageNotSentError(LineageError, ConnectionError):
    """Raised when a server did not take an event, or a file could not be written."""


class LineageSettingError(LineageError, ValueError):
    """Raised when the address of the server is not one."""
