"""Findings about tasks that a dry run calls `[CONFIG]`, for a reason that no other finding gives."""

from collections.abc import Iterable, Iterator

from lakewright.bundle.classify.task import classify_task
from lakewright.bundle.classify.verdict import Kind
from lakewright.bundle.jobs.view import BundleView
from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.rules.schema.broken_task import BrokenTask


def broken_task_findings(view: BundleView, found: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """Yield an error for each task that cannot run anywhere.

    Args:
        view: The jobs of a loaded bundle.
        found: The findings so far; a task with an error among them is left out.
    """
    errors = [finding.path or "" for finding in found if finding.severity == "error"]
    for job in view.jobs.values():
        for task in job.tasks:
            if any(path == task.path or path.startswith(f"{task.path}.") for path in errors):
                continue
            verdict = classify_task(view.bundle, job.key, task.spec, may_build=False)
            if verdict.kind is Kind.CONFIG:
                yield BrokenTask.of(task.key, verdict.reason, verdict.location, task.path, verdict.fix)
