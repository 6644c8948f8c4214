"""LW644: A schedule names a time zone that does not exist.

Source: https://docs.databricks.com/api/jobs/v2/create-job.md (`schedule.timezone_id`: the identifier of a Java time zone).
"""

from collections.abc import Iterator
from functools import cache

from databricks_utils.nearest import nearest
from lakewright.bundle.jobs.view import JobView
from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.rules.base import JobRule


class UnknownTimeZone(JobRule):
    """A schedule names a time zone that does not exist.

    ## What it does

    Reports a `timezone_id` such as `Europe/Lisbn` that is not in the time zone database of this machine while a similar name is. Names
    without
    a `/` are not checked, because Java knows more of them.

    ## Why is this bad?

    The API refuses the job, and the Databricks CLI does not look.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          schedule: {quartz_cron_expression: "0 0 6 * * ?", timezone_id: Europe/Lisbn}
          tasks: [{task_key: check, condition_task: {op: LESS_THAN, left: "1", right: "2"}}]
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          schedule: {quartz_cron_expression: "0 0 6 * * ?", timezone_id: Europe/Lisbon}
          tasks: [{task_key: check, condition_task: {op: LESS_THAN, left: "1", right: "2"}}]
    ```
    """

    code = "LW644"
    name = "unknown-time-zone"
    severity = "warning"

    def check(self, job: JobView) -> Iterator[Diagnostic]:
        """Yield a schedule whose time zone is misspelled."""
        schedule = job.spec.get("schedule")
        name = schedule.get("timezone_id") if isinstance(schedule, dict) else None
        if not isinstance(name, str) or "/" not in name or "${" in name or name in _known():
            return
        similar = nearest(name, sorted(_known()))
        if similar:
            yield self.at(
                job,
                "schedule.timezone_id",
                f"the time zone `{name}` does not exist",
                fix=f"did you mean `{similar[0]}`?",
            )


@cache
def _known() -> frozenset[str]:
    """Return the time zones of this machine; none where it has no database of them."""
    from zoneinfo import available_timezones

    return frozenset(available_timezones())
