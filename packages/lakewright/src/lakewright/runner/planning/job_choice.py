"""Chooses the job to run."""

from __future__ import annotations

from databricks_utils.nearest import choose_from
from lakewright.bundle import Bundle, Diagnostic
from lakewright.runner.errors import PlanError

_DEFAULT_JOB = "main_pipeline"
_NO_JOBS = "add one under resources.jobs"
_NOT_LOADED = "LW131"  # resources that Python code defines are not loaded


def choose_job(bundle: Bundle, name: str | None) -> str:
    """The key of the job to run: the given one, the only one, or `main_pipeline`.

    Raises:
        PlanError: The bundle has no such job, or it has several and none is given.
    """
    jobs = bundle.jobs
    if name is not None:
        if name in jobs:
            return name
        why = _why_python_is_missing(bundle)
        raise PlanError(
            f"the bundle has no job `{name}`",
            detail=f"Python code of the bundle may define it; {why.summary}" if why else None,
            location=str(bundle.root),
            fix=(why and why.fix) or choose_from(name, jobs) or _NO_JOBS,
        )
    if len(jobs) == 1:
        return next(iter(jobs))
    if _DEFAULT_JOB in jobs:
        return _DEFAULT_JOB
    why = _why_python_is_missing(bundle)
    raise PlanError(
        "which job?" if jobs else "the bundle has no jobs",
        location=str(bundle.root),
        detail=why.summary if why and not jobs else None,
        fix="name one: " + ", ".join(sorted(jobs)) if jobs else (why and why.fix) or _NO_JOBS,
    )


def _why_python_is_missing(bundle: Bundle) -> Diagnostic | None:
    """Return the finding that says why the bundle's Python code, which may define jobs, was not executed."""
    return next((found for found in bundle.diagnostics if found.code == _NOT_LOADED), None)
