"""The errors of creating a Spark session."""

from databricks_utils.errors import DatabricksUtilsError


class SessionError(DatabricksUtilsError, RuntimeError):
    """Raised when a session cannot be created: wrong environment, no login, several engines."""


class ConflictingPackagesError(SessionError, ImportError):
    """Raised when pyspark and databricks-connect are installed together: both install the folder `pyspark/`."""


class MissingPackageError(SessionError, ImportError):
    """Raised when the package that creates the session is not installed."""


class SparkSettingsWarning(UserWarning):
    """Warning with all settings of `spark.config` that a session refused; issued once for each session."""
