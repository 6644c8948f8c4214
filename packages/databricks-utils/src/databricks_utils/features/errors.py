"""The errors of features."""

from databricks_utils.errors import DatabricksUtilsError


class FeatureError(DatabricksUtilsError):
    """Base of every error about features."""


class LeakageError(FeatureError, ValueError):
    """Raised when a column that is unknown at prediction time would become a feature."""


class JoinColumnError(FeatureError, ValueError):
    """Raised when a point-in-time join lacks a column, or would give two columns the same name."""
