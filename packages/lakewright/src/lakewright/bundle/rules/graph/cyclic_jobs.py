"""LW605: Jobs run each other in a circle."""

from collections.abc import Iterator

from lakewright.bundle.jobs.cycles import find_cycle
from lakewright.bundle.jobs.view import BundleView
from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.rules.base import BundleRule


class CyclicJobs(BundleRule):
    """Jobs run each other in a circle.

    ## What it does

    Follows `run_job_task` from job to job. Reports one circle.

    ## Why is this bad?

    Once one of them starts, the jobs start each other without end.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        main:
          tasks: [{task_key: load, run_job_task: {job_id: "${resources.jobs.load.id}"}}]
        load:
          tasks: [{task_key: main, run_job_task: {job_id: "${resources.jobs.main.id}"}}]
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        main:
          tasks: [{task_key: load, run_job_task: {job_id: "${resources.jobs.load.id}"}}]
        load:
          tasks: [{task_key: check, condition_task: {op: LESS_THAN, left: "1", right: "2"}}]
    ```
    """

    code = "LW605"
    name = "cyclic-jobs"
    severity = "error"

    def check(self, view: BundleView) -> Iterator[Diagnostic]:
        """Yield a finding about the first job of a circle."""
        started = {
            key: [other.key for task in job.all_tasks if (other := task.started_job)]
            for key, job in view.jobs.items()
        }
        cycle = find_cycle(started)
        if cycle:
            yield self.at(
                view,
                view.jobs[cycle[0]].path,
                f"jobs run each other without end: {' → '.join(cycle)}",
                fix="remove one of these `run_job_task`",
            )
