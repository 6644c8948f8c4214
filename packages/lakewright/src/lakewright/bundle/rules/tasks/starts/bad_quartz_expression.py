"""LW632: A schedule's expression is not a Quartz expression."""

from collections.abc import Iterator

from lakewright.bundle.jobs.quartz import FIELDS
from lakewright.bundle.jobs.view import JobView
from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.rules.base import JobRule

_FIELD = "schedule.quartz_cron_expression"
_UNIX = " (Unix cron has 5: put the seconds before them and `?` for one of the days)"


class BadQuartzExpression(JobRule):
    """A schedule's expression is not a Quartz expression.

    ## What it does

    Counts the fields of `quartz_cron_expression`, checks that exactly one of the two fields for days is `?`, and that each field holds
    only what Quartz takes there: seconds and minutes 0-59, hours 0-23, days of the month 1-31, months 1-12 or JAN-DEC, days of the week
    1-7 or SUN-SAT, beside `*`, lists, ranges, steps and, for days, `L`, `W` and `#`.

    ## Why is this bad?

    A deployment of the job fails. Often a Unix cron expression was copied, which has five fields and no seconds.

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

    def check(self, job: JobView) -> Iterator[Diagnostic]:
        """Yield an expression with a wrong number of fields, or without exactly one `?` among the days, or with a value out of range."""
        schedule = job.spec.get("schedule")
        expression = str(schedule.get("quartz_cron_expression") or "") if isinstance(schedule, dict) else ""
        fields = expression.split()
        if not fields or "${" in expression:
            return
        if len(fields) not in {6, 7}:
            unix = _UNIX if len(fields) == 5 else ""
            yield self.at(
                job,
                _FIELD,
                f"a Quartz expression has 6 or 7 fields, this one has {len(fields)}",
                fix=f"write seconds, minutes, hours, day of month, month, day of week{unix}",
            )
        elif (fields[3] == "?") == (fields[5] == "?"):
            yield self.at(
                job,
                _FIELD,
                "a Quartz expression has `?` for exactly one of day of month and day of week",
                detail=f"`{expression}`: day of month is `{fields[3]}`, day of week is `{fields[5]}`",
                fix="put `?` for the one that does not matter",
            )
        else:
            yield from self._values(job, expression, fields)

    def _values(self, job: JobView, expression: str, fields: list[str]) -> Iterator[Diagnostic]:
        for field, text in zip(FIELDS, fields, strict=False):
            if (part := field.wrong_part(text)) is not None:
                yield self.at(
                    job,
                    _FIELD,
                    f"`{part}` is no {field.name} of a Quartz expression",
                    detail=f"`{expression}`: seconds, minutes, hours, day of month, month, day of week, optional year",
                    fix=f"write {field.allowed} for the {field.name}, or `*` for all",
                )
