"""Chooses the job to run."""

from __future__ import annotations

from databricks_utils.nearest import choose_from
from lakewright.bundle import Bundle
from lakewright.runner.errors import PlanError

_DEFAULT_JOB = "main_pipeline"


def choose_job(bundle: Bundle, name: str | None) -> str:
    """The key of the job to run: the given one, the only one, or `main_pipeline`.

    Raises:
        PlanError: The bundle has no such job, or it has several and none is given.
    """
    jobs = bundle.jobs
    if name is not None:
        if name in jobs:
            return name
        raise PlanError(
            f"the bundle has no job `{name}`",
            location=str(bundle.root),
            fix=choose_from(name, jobs) or _fix_without_jobs(bundle),
        )
    if len(jobs) == 1:
        return next(iter(jobs))
    if _DEFAULT_JOB in jobs:
        return _DEFAULT_JOB
    raise PlanError(
        "which job?" if jobs else "the bundle has no jobs",
        location=str(bundle.root),
        fix="name one: " + ", ".join(sorted(jobs)) if jobs else _fix_without_jobs(bundle),
    )


def _fix_without_jobs(bundle: Bundle) -> str:
    sections = (bundle.resolved.get("python"), (bundle.resolved.get("experimental") or {}).get("python"))
    if any((section or {}).get("resources") for section in sections):
        return "its jobs are defined in Python and run only in a workspace: `databricks bundle run`; to run them here, write them in YAML"
    return "add one under resources.jobs"
