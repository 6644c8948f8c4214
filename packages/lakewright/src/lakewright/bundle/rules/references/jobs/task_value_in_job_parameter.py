"""LW233: The default of a job parameter refers to a value that only a task has."""

from collections.abc import Iterator

from lakewright.bundle.jobs.value_references import Level, find_reference
from lakewright.bundle.jobs.view import JobView
from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.rules.base import JobRule


class TaskValueInJobParameter(JobRule):
    """The default of a job parameter refers to a value that only a task has.

    ## What it does

    Reports `{{task.…}}`, `{{tasks.…}}` and `{{input}}` in the defaults of job parameters.

    ## Why is this bad?

    The parameters of a job get their values before its first task starts.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          parameters: [{name: caller, default: "{{task.name}}"}]
          tasks: [{task_key: check, condition_task: {op: LESS_THAN, left: "1", right: "2"}}]
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          parameters: [{name: caller, default: "{{job.name}}"}]
          tasks: [{task_key: check, condition_task: {op: LESS_THAN, left: "1", right: "2"}}]
    ```
    """

    code = "LW233"
    name = "task-value-in-job-parameter"
    severity = "error"

    def check(self, job: JobView) -> Iterator[Diagnostic]:
        """Yield each reference in a default that has a value only in a task."""
        for reference in job.in_parameters:
            known = find_reference(reference.parts)
            if known is not None and known.level is not Level.JOB:
                yield self.at(
                    job,
                    reference.field,
                    f"`{reference.text}` has a value only in a task",
                    fix="move it into the task's own parameters",
                )
