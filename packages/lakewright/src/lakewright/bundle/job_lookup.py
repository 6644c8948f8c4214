"""Which job of the bundle a `job_id` names: the one answer for checks, plans and runs."""

from collections.abc import Iterator, Mapping
from typing import Any

from lakewright.bundle.model.bundle import Bundle
from lakewright.bundle.model.references import references


def job_key(bundle: Bundle, job_id: object) -> str | None:
    """Return the key of the bundle's job that a `run_job_task.job_id` names, or None.

    Args:
        bundle: A loaded bundle.
        job_id: `${resources.jobs.<key>.id}`, or the `id` that a job of the resolved bundle carries.
    """
    if isinstance(job_id, str):
        for reference in references(job_id):
            path = reference.path
            if (
                len(path) == 4
                and path[:2] == ("resources", "jobs")
                and path[3] == "id"
                and path[2] in bundle.jobs
            ):
                return str(path[2])
    known = {str(job["id"]): key for key, job in bundle.jobs.items() if job.get("id")}
    return known.get(str(job_id))


def jobs_run_by(bundle: Bundle, job: Mapping[str, Any]) -> Iterator[str]:
    """Yield the keys of the bundle's jobs that the tasks of a job run, those inside `for_each_task` too."""
    waiting = [task for task in job.get("tasks") or [] if isinstance(task, Mapping)]
    for task in waiting:
        inner = (task.get("for_each_task") or {}).get("task")
        if isinstance(inner, Mapping):
            waiting.append(inner)
        key = job_key(bundle, (task.get("run_job_task") or {}).get("job_id"))
        if key is not None:
            yield key
