"""LW647: A schedule names days that never come.

Source: https://github.com/quartz-scheduler/quartz/issues/458 (Quartz refuses a trigger that "will never fire").
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from lakewright.bundle.jobs.quartz import is_complete, wrong_parts
from lakewright.bundle.jobs.quartz_dates import comes
from lakewright.bundle.jobs.schedules import schedules
from lakewright.bundle.jobs.view import BundleView
from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.rules.base import BundleRule


class ScheduleThatNeverComes(BundleRule):
    """A schedule names days that never come.

    ## What it does

    Reports the Quartz expression of a job, an alert, a quality monitor or the trigger of a pipeline if no day from today on fits it, such
    as 30 February, 29 February of years that have none, or years that are over.

    ## Why is this bad?

    Quartz refuses such a schedule. If it did not, the resource would look scheduled and would never run.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          schedule: {quartz_cron_expression: "0 0 6 30 2 ?", timezone_id: UTC}
          tasks: [{task_key: check, condition_task: {op: LESS_THAN, left: "1", right: "2"}}]
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          schedule: {quartz_cron_expression: "0 0 6 L 2 ?", timezone_id: UTC}
          tasks: [{task_key: check, condition_task: {op: LESS_THAN, left: "1", right: "2"}}]
    ```
    """

    code = "LW647"
    name = "schedule-that-never-comes"
    severity = "warning"

    def check(self, view: BundleView) -> Iterator[Diagnostic]:
        """Yield the schedules without a day from today on; what Quartz cannot read is another finding."""
        for schedule in schedules(view):
            fields = schedule.expression.split()
            readable = is_complete(fields) and not any(wrong_parts(fields))
            # Where the schedule's clock is behind, it is still yesterday.
            if readable and not comes(fields, (datetime.now(UTC) - timedelta(days=1)).date()):
                yield self.at(
                    view,
                    schedule.place,
                    f"no day comes that `{schedule.expression}` names",
                    detail="seconds, minutes, hours, day of month, month, day of week, optional year",
                    fix="write a day that the months have (`L` is the last of each), or leave the schedule out",
                )
