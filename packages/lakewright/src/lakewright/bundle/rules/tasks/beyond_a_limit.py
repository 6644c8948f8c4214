"""LW636: A job is beyond a limit of the Jobs API.

Source: https://docs.databricks.com/api/jobs/v2/create-job.md (lengths, tags, runs, destinations, commands) and
    https://docs.databricks.com/gcp/jobs/large-jobs (1000 tasks).
"""

from collections.abc import Iterator, Mapping
from typing import Any

from lakewright.bundle.jobs.view import JobView
from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.rules.base import JobRule


class BeyondALimit(JobRule):
    """A job is beyond a limit of the Jobs API.

    ## What it does

    Reports more than 1000 tasks, 25 tags, 1000 concurrent runs, 3 webhooks for one event or 10 dbt commands, a name of more than 4096
    bytes,
    and a description of more than 27700 characters.

    ## Why is this bad?

    The API refuses the job, and the Databricks CLI does not look.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          max_concurrent_runs: 2000
          tasks: [{task_key: check, condition_task: {op: LESS_THAN, left: "1", right: "2"}}]
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          max_concurrent_runs: 20
          tasks: [{task_key: check, condition_task: {op: LESS_THAN, left: "1", right: "2"}}]
    ```
    """

    code = "LW636"
    name = "beyond-a-limit"
    severity = "error"

    def check(self, job: JobView) -> Iterator[Diagnostic]:
        """Yield each field of a job that is beyond its limit."""
        for field, count, most, what in _of_job(job):
            if count > most:
                yield self.at(
                    job,
                    field,
                    f"`{field}` has {count} {what}, and the limit is {most}",
                    fix=f"use {most} or fewer",
                )


def _of_job(job: JobView) -> Iterator[tuple[str, int, int, str]]:
    """Yield field, count, limit and what is counted."""
    spec = job.spec
    yield "tasks", len(job.tasks), 1000, "tasks"
    yield "tags", _size(spec.get("tags")), 25, "tags"
    yield "name", len(str(spec.get("name") or "").encode()), 4096, "bytes"
    yield "description", len(str(spec.get("description") or "")), 27700, "characters"
    runs = spec.get("max_concurrent_runs")
    yield "max_concurrent_runs", runs if isinstance(runs, int) else 0, 1000, "runs"
    yield from _webhooks("", spec)
    for task in job.all_tasks:
        field = task.path.removeprefix(f"{job.path}.")
        yield from _webhooks(f"{field}.", task.spec)
        yield f"{field}.dbt_task.commands", _size(task.part("dbt_task").get("commands")), 10, "commands"


def _webhooks(prefix: str, spec: Mapping[str, Any]) -> Iterator[tuple[str, int, int, str]]:
    events = spec.get("webhook_notifications")
    for event, targets in events.items() if isinstance(events, dict) else ():
        yield f"{prefix}webhook_notifications.{event}", _size(targets), 3, "destinations"


def _size(value: object) -> int:
    return len(value) if isinstance(value, dict | list) else 0
