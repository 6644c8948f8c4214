"""What can go wrong around a run; each says who has to act."""

from __future__ import annotations

from lakewright.errors import LakewrightError


class RunnerError(LakewrightError):
    """Base of the runner's errors."""


class PlanError(RunnerError, ValueError):
    """Raised when a job cannot be read as a graph of tasks, or names something that is not there."""


class ReferenceConfigError(RunnerError, KeyError):
    """Raised when a `{{…}}` reference points to nothing."""

    __str__ = LakewrightError.__str__


class ConditionError(RunnerError, ValueError):
    """Raised when a condition task compares what cannot be compared."""


class NotebookError(RunnerError, ValueError):
    """Raised when a notebook is missing or cannot be read as one."""


class SqlFileError(RunnerError, ValueError):
    """Raised when a SQL file is missing, empty or lacks a parameter."""


class EntryPointError(RunnerError, LookupError):
    """Raised when a wheel's entry point cannot be found."""


class TaskValueError(RunnerError, ValueError):
    """Raised when a task value is missing, too large or not JSON."""


class RunInProgressError(RunnerError, RuntimeError):
    """Raised when another run of the same project is under way."""


class ResumeError(RunnerError, RuntimeError):
    """Raised when there is no run to resume, or the job is no longer the same."""


class NothingExecutedError(RunnerError, RuntimeError):
    """Raised when a run would be called a success although no task was executed."""
