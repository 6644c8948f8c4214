"""LW232: A parameter is used or passed on that the job does not declare."""

from collections.abc import Iterator

from databricks_utils.nearest import did_you_mean, listing
from lakewright.bundle.jobs.view import JobView, TaskView
from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.rules.base import TaskRule


class UndeclaredJobParameter(TaskRule):
    """A parameter is used or passed on that the job does not declare.

    ## What it does

    Looks at `{{job.parameters.…}}` in tasks, and at `job_parameters` that a `run_job_task` passes to
    another job of the bundle.

    ## Why is this bad?

    The reference has no value. The other job refuses a parameter that it does not declare when it starts.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          parameters: [{name: limit, default: "2"}]
          tasks:
            - {task_key: check, condition_task: {op: LESS_THAN, left: "1", right: "{{job.parameters.limt}}"}}
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          parameters: [{name: limit, default: "2"}]
          tasks:
            - {task_key: check, condition_task: {op: LESS_THAN, left: "1", right: "{{job.parameters.limit}}"}}
    ```
    """

    code = "LW232"
    name = "undeclared-job-parameter"
    severity = "error"
    fixable = "where one name is near"

    def check(self, task: TaskView) -> Iterator[Diagnostic]:
        """Yield what a task reads from its own job, then what it passes to another one."""
        for reference in task.dynamic_references:
            if reference.parts[:2] == ("job", "parameters") and len(reference.parts) > 2:
                name = reference.parts[2]
                otherwise = f"add it: `parameters: [{{name: {name}, default: …}}]`"
                yield from self._undeclared(task, reference.field, task.job, name, otherwise)
        if (other := task.started_job) is not None:
            for name in task.part("run_job_task").get("job_parameters") or {}:
                field = f"run_job_task.job_parameters.{name}"
                otherwise = f"add it to `{other.path}.parameters`, or do not pass it on"
                yield from self._undeclared(task, field, other, name, otherwise)

    def _undeclared(
        self, task: TaskView, field: str, job: JobView, name: str, otherwise: str
    ) -> Iterator[Diagnostic]:
        if name not in job.parameters:
            yield self.at(
                task,
                field,
                f"the job {job.key} declares no parameter `{name}`",
                detail=f"it declares {listing(job.parameters)}",
                fix=did_you_mean(name, job.parameters) or otherwise,
            )
