"""LW646: A job has no tasks."""

from collections.abc import Iterator

from lakewright.bundle.jobs.view import JobView
from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.rules.base import JobRule

_OF_RUNS = frozenset({"schedule", "trigger", "continuous", "parameters", "health"})


class JobWithoutTasks(JobRule):
    """A job has no tasks.

    ## What it does

    Reports a job whose `tasks` are empty in the chosen target, or missing although the job says when or with what it runs (a schedule,
    a trigger, parameters, health rules). Jobs of a bundle whose Python code was not executed are not checked, because it may
    add tasks.

    ## Why is this bad?

    The Databricks CLI and the API make such a job. There is nothing that it could run: the tasks were forgotten, or stand in a file that
    is not included or in another target.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    resources: {jobs: {load: {name: load, tasks: []}}}
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          name: load
          tasks: [{task_key: check, condition_task: {op: LESS_THAN, left: "1", right: "2"}}]
    ```
    """

    code = "LW646"
    name = "job-without-tasks"
    severity = "recommendation"

    def check(self, job: JobView) -> Iterator[Diagnostic]:
        """Yield the job, unless its tasks could not be read."""
        is_meant_to_run = "tasks" in job.spec or not _OF_RUNS.isdisjoint(job.spec)
        if (
            job.spec.get("tasks")
            or not is_meant_to_run
            or job.bundle.python_left_out
            or self._is_reported(job)
        ):
            return
        yield self.at(
            job,
            "tasks",
            f"the job `{job.key}` has no tasks",
            fix="add a task, or remove the job",
        )

    @staticmethod
    def _is_reported(job: JobView) -> bool:
        found = (each.path or "" for each in job.bundle.diagnostics if each.severity == "error")
        return any(path == job.path or path.startswith(f"{job.path}.tasks") for path in found)
