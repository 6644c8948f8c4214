"""Errors about the wheels of our packages."""

from lakewright.errors import LakewrightError


class WheelError(LakewrightError, ValueError):
    """Raised when a wheel or its lock is not what it should be."""


class WheelNotFoundError(WheelError, FileNotFoundError):
    """Raised when a wheel of our packages is not where it should come from."""
