"""LW234: Job parameters refer to each other in a circle."""

from collections.abc import Iterator

from lakewright.bundle.jobs.cycles import find_cycle
from lakewright.bundle.jobs.view import JobView
from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.rules.base import JobRule


class CyclicJobParameters(JobRule):
    """Job parameters refer to each other in a circle.

    ## What it does

    Follows `{{job.parameters.…}}` in the defaults of job parameters. Reports one circle for each job.

    ## Why is this bad?

    None of these parameters has a value.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          parameters:
            - {name: day, default: "{{job.parameters.until}}"}
            - {name: until, default: "{{job.parameters.day}}"}
          tasks: [{task_key: check, condition_task: {op: LESS_THAN, left: "1", right: "2"}}]
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          parameters:
            - {name: day, default: "{{job.start_time.iso_date}}"}
            - {name: until, default: "{{job.parameters.day}}"}
          tasks: [{task_key: check, condition_task: {op: LESS_THAN, left: "1", right: "2"}}]
    ```
    """

    code = "LW234"
    name = "cyclic-job-parameters"
    severity = "error"

    def check(self, job: JobView) -> Iterator[Diagnostic]:
        """Yield a finding about the first parameter of a circle."""
        cycle = find_cycle(job.parameter_graph)
        if cycle:
            index = [str(item.get("name")) for item in job.spec["parameters"]].index(cycle[0])
            yield self.at(
                job,
                f"parameters[{index}].default",
                f"parameters of the job {job.key} refer to each other: {' → '.join(cycle)}",
                fix="give one of them a value of its own",
            )
