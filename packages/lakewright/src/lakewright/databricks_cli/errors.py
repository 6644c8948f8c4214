"""The errors of the Databricks CLI: not there, one that does not fit, a run that fails."""

from lakewright.errors import LakewrightError


class CliError(LakewrightError, RuntimeError):
    """Raised when the Databricks CLI is not there, does not fit, fails or does not end in time."""
