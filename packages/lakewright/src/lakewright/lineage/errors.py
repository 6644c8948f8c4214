"""The errors of `lakewright lineage`."""

from lakewright.errors import LakewrightError


class NoLineageError(LakewrightError, LookupError):
    """Raised when the project's engine has recorded nothing yet."""


class UnknownDatasetError(LakewrightError, LookupError):
    """Raised when no statement has read or written a table, or a column of it, of this name."""


class AmbiguousNameError(LakewrightError, ValueError):
    """Raised when several tables end with the given name."""


class NoServerError(LakewrightError, LookupError):
    """Raised when events are to be sent and no server is named."""
