"""LW644: A schedule names a time zone that does not exist.

Source: https://docs.databricks.com/api/jobs/v2/create-job.md (`schedule.timezone_id`: the identifier of a Java time zone).
"""

from collections.abc import Iterator
from functools import cache

from databricks_utils.nearest import nearest
from lakewright.bundle.jobs.schedules import schedules
from lakewright.bundle.jobs.view import BundleView
from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.rules.base import BundleRule


class UnknownTimeZone(BundleRule):
    """A schedule names a time zone that does not exist.

    ## What it does

    Reports a `timezone_id` of a job, an alert, a quality monitor or the trigger of a pipeline if it is like `Europe/Lisbn`, which is not in
    the time zone database of this machine while a similar name is, or a city alone, such as `Lisbon`. Other names without a `/` are not
    checked, because Java knows more of them.

    ## Why is this bad?

    The API refuses the resource, and the Databricks CLI does not look.

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

    def check(self, view: BundleView) -> Iterator[Diagnostic]:
        """Yield the schedules whose time zone is misspelled."""
        for schedule in schedules(view):
            name = schedule.spec.get("timezone_id")
            if not isinstance(name, str) or "${" in name or name in _known():
                continue
            similar = nearest(name, sorted(_known())) if "/" in name else _of_city(name)
            if similar:
                yield self.at(
                    view,
                    f"{schedule.path}.timezone_id",
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
