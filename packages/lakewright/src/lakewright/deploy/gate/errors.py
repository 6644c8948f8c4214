"""Errors of the gate itself; what it finds in a plan is data, not an error."""

from lakewright.errors import LakewrightError


class AllowanceError(LakewrightError, ValueError):
    """Raised when an allowance cannot be read: a wrong key, a file that is not YAML, no reason, no date."""
