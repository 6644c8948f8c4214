"""LW639: A notification about a threshold has no health rule that sets the threshold.

Source: https://docs.databricks.com/api/jobs/v2/create-job.md (`on_duration_warning_threshold_exceeded`, `on_streaming_backlog_exceeded`).
"""

from collections.abc import Iterator, Mapping
from typing import Any

from lakewright.bundle.jobs.view import JobView
from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.rules.base import JobRule

_METRICS = {
    "on_duration_warning_threshold_exceeded": "RUN_DURATION_SECONDS",
    "on_streaming_backlog_exceeded": "STREAMING_BACKLOG_",
}
_EXAMPLES = {
    "RUN_DURATION_SECONDS": "RUN_DURATION_SECONDS",
    "STREAMING_BACKLOG_": "STREAMING_BACKLOG_SECONDS",
}


class NotificationWithoutHealthRule(JobRule):
    """A notification about a threshold has no health rule that sets the threshold.

    ## What it does

    Reports `on_duration_warning_threshold_exceeded` without a rule for `RUN_DURATION_SECONDS`, and `on_streaming_backlog_exceeded`
    without a
    rule for a `STREAMING_BACKLOG_…`, in the `health` of the same job or task.

    ## Why is this bad?

    Without the rule, the notification is never sent.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          email_notifications: {on_duration_warning_threshold_exceeded: [ana@example.org]}
          tasks: [{task_key: check, condition_task: {op: LESS_THAN, left: "1", right: "2"}}]
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          email_notifications: {on_duration_warning_threshold_exceeded: [ana@example.org]}
          health: {rules: [{metric: RUN_DURATION_SECONDS, op: GREATER_THAN, value: 3600}]}
          tasks: [{task_key: check, condition_task: {op: LESS_THAN, left: "1", right: "2"}}]
    ```
    """

    code = "LW639"
    name = "notification-without-health-rule"
    severity = "warning"

    def check(self, job: JobView) -> Iterator[Diagnostic]:
        """Yield each notification of a job and its tasks that cannot be sent."""
        parts = [
            ("", job.spec),
            *((f"{task.path.removeprefix(job.path)[1:]}.", task.spec) for task in job.all_tasks),
        ]
        for prefix, given in parts:
            spec = given or {}
            for section in ("email_notifications", "webhook_notifications"):
                listed = spec.get(section)
                if not isinstance(listed, dict):
                    continue
                for event, metric in _METRICS.items():
                    if listed.get(event) and not any(each.startswith(metric) for each in _metrics(spec)):
                        yield self.at(
                            job,
                            f"{prefix}{section}.{event}",
                            f"`{event}` is never sent: no health rule is about `{metric}`",
                            fix=f"add `health: {{rules: [{{metric: {_EXAMPLES[metric]}, op: GREATER_THAN, value: 3600}}]}}`",
                        )


def _metrics(spec: Mapping[str, Any]) -> list[str]:
    health = spec.get("health")
    rules = health.get("rules") if isinstance(health, dict) else None
    return [str(rule.get("metric") or "") for rule in rules or () if isinstance(rule, dict)]
