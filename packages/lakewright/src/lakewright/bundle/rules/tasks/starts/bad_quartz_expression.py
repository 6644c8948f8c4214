"""LW632: A schedule's expression is not a Quartz expression."""

from collections.abc import Iterator

from lakewright.bundle.jobs.quartz import is_complete, wrong_parts
from lakewright.bundle.jobs.schedules import Schedule, schedules
from lakewright.bundle.jobs.view import BundleView
from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.rules.base import BundleRule

_UNIX = " (Unix cron has 5: put the seconds before them and `?` for one of the days)"


class BadQuartzExpression(BundleRule):
    """A schedule's expression is not a Quartz expression.

    ## What it does

    Counts the fields of the expression that a job, an alert, a quality monitor or the trigger of a pipeline has, checks that exactly one
    of the two fields for days is `?`, and that each field holds only what Quartz takes there: seconds and minutes 0-59, hours 0-23, days
    of the month 1-31, months 1-12 or JAN-DEC, days of the week 1-7 or SUN-SAT, beside `*`, lists, ranges, steps and, for days, `L`, `W`
    and `#`.

    ## Why is this bad?

    A deployment of the resource fails. Often a Unix cron expression was copied, which has five fields and no seconds.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          schedule: {quartz_cron_expression: "0 6 * * *", timezone_id: UTC}
          tasks: [{task_key: check, condition_task: {op: LESS_THAN, left: "1", right: "2"}}]
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          schedule: {quartz_cron_expression: "0 0 6 * * ?", timezone_id: UTC}
          tasks: [{task_key: check, condition_task: {op: LESS_THAN, left: "1", right: "2"}}]
    ```
    """

    code = "LW632"
    name = "bad-quartz-expression"
    severity = "error"

    def check(self, view: BundleView) -> Iterator[Diagnostic]:
        """Yield an expression with a wrong number of fields, or without exactly one `?` among the days, or with a value out of range."""
        for schedule in schedules(view):
            yield from self._of(view, schedule)

    def _of(self, view: BundleView, schedule: Schedule) -> Iterator[Diagnostic]:
        expression = schedule.expression
        fields = expression.split()
        if not fields:
            return
        if len(fields) not in {6, 7}:
            unix = _UNIX if len(fields) == 5 else ""
            yield self.at(
                view,
                schedule.place,
                f"a Quartz expression has 6 or 7 fields, this one has {len(fields)}",
                fix=f"write seconds, minutes, hours, day of month, month, day of week{unix}",
            )
        elif not is_complete(fields):
            yield self.at(
                view,
                schedule.place,
                "a Quartz expression has `?` for exactly one of day of month and day of week",
                detail=f"`{expression}`: day of month is `{fields[3]}`, day of week is `{fields[5]}`",
                fix="put `?` for the one that does not matter",
            )
        for field, part in wrong_parts(fields) if is_complete(fields) else ():
            yield self.at(
                view,
                schedule.place,
                f"`{part}` is no {field.name} of a Quartz expression",
                detail=f"`{expression}`: seconds, minutes, hours, day of month, month, day of week, optional year",
                fix=f"write {field.allowed} for the {field.name}, or `*` for all",
            )
