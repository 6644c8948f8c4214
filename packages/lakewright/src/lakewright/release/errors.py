"""Errors of releases."""

from lakewright.errors import LakewrightError


class ReleaseError(LakewrightError, ValueError):
    """Raised when a release cannot be made, or is not the one that was tested."""


class HistoryError(ReleaseError):
    """Raised when the repository here lacks what a question needs: a tag, a branch, older commits."""
