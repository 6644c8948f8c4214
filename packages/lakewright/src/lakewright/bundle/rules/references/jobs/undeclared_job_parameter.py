"""LW232: A job uses or receives a parameter that it does not declare."""

from collections.abc import Iterator

from databricks_utils.nearest import did_you_mean, listing
from lakewright.bundle.jobs.dynamic import DynamicReference
from lakewright.bundle.jobs.view import JobView
from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.rules.base import JobRule


class UndeclaredJobParameter(JobRule):
    """A job uses or receives a parameter that it does not declare.

    ## What it does

    Checks `{{job.parameters.…}}` in tasks and in the defaults of parameters, and the `job_parameters` that a
    `run_job_task` passes to another job of the bundle.

    ## Why is this bad?

    The reference has no value. A job that receives an undeclared parameter fails when it starts.

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
    fixable = "if one name is similar"

    def check(self, job: JobView) -> Iterator[Diagnostic]:
        """Yield what the job reads from its parameters, then what its tasks pass to other jobs."""
        for reference in job.in_parameters:
            yield from self._read(job, reference, reference.field)
        for task in job.all_tasks:
            base = task.path.removeprefix(f"{job.path}.")
            for reference in task.dynamic_references:
                yield from self._read(job, reference, f"{base}.{reference.field}")
            if (other := task.started_job) is not None:
                for name in task.part("run_job_task").get("job_parameters") or {}:
                    field = f"{base}.run_job_task.job_parameters.{name}"
                    otherwise = f"add it to `{other.path}.parameters`, or do not pass it on"
                    yield from self._undeclared(job, field, other, name, otherwise)

    def _read(self, job: JobView, reference: DynamicReference, field: str) -> Iterator[Diagnostic]:
        if reference.parts[:2] == ("job", "parameters") and len(reference.parts) > 2:
            name = reference.parts[2]
            otherwise = f"add it: `parameters: [{{name: {name}, default: …}}]`"
            yield from self._undeclared(job, field, job, name, otherwise)

    def _undeclared(
        self, job: JobView, field: str, declaring: JobView, name: str, otherwise: str
    ) -> Iterator[Diagnostic]:
        if name not in declaring.parameters:
            yield self.at(
                job,
                field,
                f"the job {declaring.key} declares no parameter `{name}`",
                detail=f"it declares {listing(declaring.parameters)}",
                fix=did_you_mean(name, declaring.parameters) or otherwise,
            )
