"""The error of a plan that cannot be read."""

from lakewright.errors import LakewrightError


class PlanError(LakewrightError, ValueError):
    """Raised when a text is no plan, or one that this version does not know in full."""
