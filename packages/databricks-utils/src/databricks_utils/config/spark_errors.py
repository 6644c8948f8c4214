"""The ways in which a Spark session cannot be had."""

from databricks_utils.errors import DatabricksUtilsError


class SessionError(DatabricksUtilsError, RuntimeError):
    """Raised when a session cannot be made: wrong place, no login, a Spark setting that breaks it."""


class ConflictingPackagesError(SessionError, ImportError):
    """Raised when pyspark and databricks-connect are installed together: both own the folder `pyspark/`."""


class MissingPackageError(SessionError, ImportError):
    """Raised when what makes the session is not installed."""


class SparkSettingsWarning(UserWarning):
    """Given once for a session, with all the settings of `spark.config` that it did not take."""
