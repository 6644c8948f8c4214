"""The ways in which features can be wrong."""

from databricks_utils.errors import DatabricksUtilsError


class FeatureError(DatabricksUtilsError):
    """Base of every error about features."""


class LeakageError(FeatureError, ValueError):
    """Raised when a column that is not known at prediction time would enter the features."""


class JoinColumnError(FeatureError, ValueError):
    """Raised when a point-in-time join lacks a column, or would give two columns one name."""
