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

    Reports a `timezone_id` such as `Europe/Lisbn` that is not in the time zone database of this machine while a similar name is, and a
    city alone, such as `Lisbon`. Other names without a `/` are not checked, because Java knows more of them.

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
        if not isinstance(name, str) or "${" in name or name in _known():
            return
        similar = nearest(name, sorted(_known())) if "/" in name else _of_city(name)
        if similar:
            yield self.at(
                job,
                "schedule.timezone_id",
                f"the time zone `{name}` does not exist",
                fix=f"did you mean `{similar[0]}`?",
            )


def _of_city(name: str) -> list[str]:
    """Return the time zones of a city; the shortest name first. `Etc/GMT+2` is none: Java reads `GMT+2` as the other direction."""
    wanted = f"/{name.replace(' ', '_')}".lower()
    return sorted(
        (zone for zone in _known() if zone.lower().endswith(wanted) and not zone.startswith("Etc/")),
        key=lambda zone: (len(zone), zone),
    )


@cache
def _known() -> frozenset[str]:
    """Return the time zones of this machine; none where it has no database of them."""
    from zoneinfo import available_timezones

    return frozenset(available_timezones())
