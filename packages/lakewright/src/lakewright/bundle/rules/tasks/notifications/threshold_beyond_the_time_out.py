"""LW645: A run ends by its time-out before the warning about its duration is sent.

Source: https://docs.databricks.com/api/jobs/v2/create-job.md (`health`, `timeout_seconds`).
"""

from collections.abc import Iterator

from lakewright.bundle.jobs.view import JobView
from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.rules.base import JobRule


class ThresholdBeyondTheTimeOut(JobRule):
    """A run ends by its time-out before the warning about its duration is sent.

    ## What it does

    Reports a health rule for `RUN_DURATION_SECONDS` whose value is `timeout_seconds` of the same job or task, or more.

    ## Why is this bad?

    The run is cancelled first, so the warning never comes.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          timeout_seconds: 3600
          health: {rules: [{metric: RUN_DURATION_SECONDS, op: GREATER_THAN, value: 7200}]}
          tasks: [{task_key: check, condition_task: {op: LESS_THAN, left: "1", right: "2"}}]
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          timeout_seconds: 3600
          health: {rules: [{metric: RUN_DURATION_SECONDS, op: GREATER_THAN, value: 1800}]}
          tasks: [{task_key: check, condition_task: {op: LESS_THAN, left: "1", right: "2"}}]
    ```
    """

    code = "LW645"
    name = "threshold-beyond-the-time-out"
    severity = "warning"

    def check(self, job: JobView) -> Iterator[Diagnostic]:
        """Yield each threshold of a job and its tasks that no run reaches."""
        parts = [
            ("", job.spec),
            *((f"{task.path.removeprefix(job.path)[1:]}.", task.spec) for task in job.all_tasks),
        ]
        for prefix, spec in parts:
            limit, health = spec.get("timeout_seconds"), spec.get("health")
            rules = health.get("rules") if isinstance(health, dict) else None
            for index, rule in enumerate(rules or ()):
                value = rule.get("value") if rule.get("metric") == "RUN_DURATION_SECONDS" else None
                if isinstance(limit, int) and isinstance(value, int) and 0 < limit <= value:
                    yield self.at(
                        job,
                        f"{prefix}health.rules[{index}].value",
                        f"the warning comes after {value} s, and the time-out after {limit} s",
                        fix=f"write a value below {limit}",
                    )
