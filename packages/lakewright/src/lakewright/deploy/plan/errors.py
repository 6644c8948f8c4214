"""Errors of plans: one that cannot be read, and a CLI that makes none."""

from lakewright.errors import LakewrightError


class PlanError(LakewrightError, ValueError):
    """Raised when a text is no plan, or one that this version does not know in full."""


class CliError(LakewrightError, RuntimeError):
    """Raised when the Databricks CLI is not there, fails or does not end in time."""
