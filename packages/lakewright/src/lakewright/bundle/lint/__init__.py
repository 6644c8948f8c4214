"""Wiring mistakes that `databricks bundle validate` lets pass and a run would stumble over."""

from collections.abc import Iterator

from lakewright.bundle.lint.dynamic import check_dynamic_references
from lakewright.bundle.lint.graph import check_graph
from lakewright.bundle.lint.jobs import check_deployment, check_jobs
from lakewright.bundle.lint.tasks import check_tasks
from lakewright.bundle.lint.view import JobView
from lakewright.bundle.lint.wheels import check_entry_points
from lakewright.bundle.model import Bundle, Diagnostic

__all__ = ["lint_bundle"]


def lint_bundle(bundle: Bundle) -> tuple[Diagnostic, ...]:
    """Return the wiring mistakes of a loaded bundle, without repeating its own diagnostics.

    Args:
        bundle: A loaded bundle; one with errors is linted as far as it goes.
    """
    return tuple(dict.fromkeys(finding for finding in _findings(bundle) if finding not in bundle.diagnostics))


def _findings(bundle: Bundle) -> Iterator[Diagnostic]:
    jobs = {key: JobView(bundle, key, job) for key, job in bundle.jobs.items()}
    for job in jobs.values():
        yield from check_graph(job)
        yield from check_dynamic_references(job)
        yield from check_tasks(job)
        yield from check_entry_points(job)
    yield from check_jobs(jobs)
    yield from check_deployment(bundle)
