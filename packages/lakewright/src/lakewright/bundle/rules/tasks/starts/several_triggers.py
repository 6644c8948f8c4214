"""LW637: A job has more than one kind of trigger.

Source: https://docs.databricks.com/api/jobs/v2/create-job.md (`continuous`, `triggers`) and databricks/terraform-provider-databricks,
    jobs/resource_job.go (`schedule`, `continuous` and `trigger` conflict).
"""

from collections.abc import Iterator

from lakewright.bundle.jobs.view import JobView
from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.rules.base import JobRule


class SeveralTriggers(JobRule):
    """A job has more than one kind of trigger.

    ## What it does

    Reports a job with more than one of `schedule`, `continuous`, `trigger` and `triggers`.

    ## Why is this bad?

    The API refuses the job. The Databricks CLI does not look, and a target can add a second one by accident.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          schedule: {quartz_cron_expression: "0 0 6 * * ?", timezone_id: UTC}
          tasks: [{task_key: check, condition_task: {op: LESS_THAN, left: "1", right: "2"}}]
    targets: {dev: {resources: {jobs: {load: {continuous: {pause_status: PAUSED}}}}}}
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          tasks: [{task_key: check, condition_task: {op: LESS_THAN, left: "1", right: "2"}}]
    targets: {dev: {resources: {jobs: {load: {continuous: {pause_status: PAUSED}}}}}}
    ```
    """

    code = "LW637"
    name = "several-triggers"
    severity = "error"

    def check(self, job: JobView) -> Iterator[Diagnostic]:
        """Yield the second trigger of a job."""
        present = [
            field for field in ("schedule", "continuous", "trigger", "triggers") if job.spec.get(field)
        ]
        if len(present) > 1:
            names = " and ".join(f"`{field}`" for field in present)
            yield self.at(job, present[1], f"a job has one trigger, and this one has {names}", fix="keep one")
