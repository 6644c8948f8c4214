"""The errors of grants of a project."""

from lakewright.errors import LakewrightError


class NoLakehouseError(LakewrightError, FileNotFoundError):
    """Raised when there is no local lakehouse whose grants could be read."""
