"""Errors that several modules of the runner raise."""

from __future__ import annotations

from lakewright.errors import LakewrightError


class RunnerError(LakewrightError):
    """Base of the runner's errors."""


class PlanError(RunnerError, ValueError):
    """Raised when a job cannot be read as a graph of tasks, or names something that does not exist."""


class NotebookError(RunnerError, ValueError):
    """Raised when a notebook is missing, cannot be read, or has a cell that cannot run here."""


class SqlFileError(RunnerError, ValueError):
    """Raised when a SQL file is missing, empty or lacks a parameter."""
