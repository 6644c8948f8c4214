"""LW641: A job allows no run at all.

Source: https://docs.databricks.com/api/jobs/v2/create-job.md (`max_concurrent_runs`).
"""

from collections.abc import Iterator

from lakewright.bundle.jobs.view import JobView
from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.rules.base import JobRule


class RunsAreSkipped(JobRule):
    """A job allows no run at all.

    ## What it does

    Reports `max_concurrent_runs: 0`.

    ## Why is this bad?

    Every run is skipped, those that a person starts too. To stop a schedule, pause it.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          max_concurrent_runs: 0
          tasks: [{task_key: check, condition_task: {op: LESS_THAN, left: "1", right: "2"}}]
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          schedule: {quartz_cron_expression: "0 0 6 * * ?", timezone_id: UTC, pause_status: PAUSED}
          tasks: [{task_key: check, condition_task: {op: LESS_THAN, left: "1", right: "2"}}]
    ```
    """

    code = "LW641"
    name = "runs-are-skipped"
    severity = "warning"

    def check(self, job: JobView) -> Iterator[Diagnostic]:
        """Yield a job whose runs are all skipped."""
        runs = job.spec.get("max_concurrent_runs")
        if runs == 0 and not isinstance(runs, bool):
            yield self.at(
                job,
                "max_concurrent_runs",
                "`max_concurrent_runs: 0` skips every run",
                fix="write 1, and `pause_status: PAUSED` at the schedule if it must not start by itself",
            )
