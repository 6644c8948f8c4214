"""Base of the errors that Lakewright raises; the command line renders them, see `lakewright.cli`."""

from databricks_utils.errors import DiagnosedError


class LakewrightError(DiagnosedError):
    """Base of every error that `lakewright` raises on purpose; exit code 2, the user's to fix."""


class InternalError(LakewrightError, RuntimeError):
    """Raised when Lakewright itself is at fault; exit code 1."""

    exit_code = 1
