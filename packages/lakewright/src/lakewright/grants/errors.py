"""The errors of grants of a project."""

from lakewright.errors import LakewrightError


class NoLakehouseError(LakewrightError, FileNotFoundError):
    """Raised when there is no local lakehouse whose grants could be read."""


class WorkspaceError(LakewrightError, RuntimeError):
    """Raised when a workspace cannot be asked, or refuses to answer."""


class MissingSdkError(LakewrightError, ImportError):
    """Raised when `databricks-sdk` is not installed."""
