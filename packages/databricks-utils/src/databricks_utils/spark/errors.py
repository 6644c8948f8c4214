"""What can go wrong while a Spark session is made."""

from databricks_utils.errors import DatabricksUtilsError


class SessionError(DatabricksUtilsError, RuntimeError):
    """Raised when a session cannot be made: wrong place, no login, several engines."""


class ConflictingPackagesError(SessionError, ImportError):
    """Raised when pyspark and databricks-connect are installed together: both own the folder `pyspark/`."""


class MissingPackageError(SessionError, ImportError):
    """Raised when the package that makes the session is not installed."""


class SparkSettingsWarning(UserWarning):
    """Issued once for a session; lists all settings of `spark.config` that the session refused."""
