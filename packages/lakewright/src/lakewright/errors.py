"""Base classes of Lakewright's errors; the command line prints them, see `lakewright.cli`."""

from databricks_utils.errors import DiagnosedError


class LakewrightError(DiagnosedError):
    """Base of every error that a user can fix; exit code 2."""


class InternalError(LakewrightError, RuntimeError):
    """Raised when Lakewright itself has a bug; exit code 1."""

    exit_code = 1
