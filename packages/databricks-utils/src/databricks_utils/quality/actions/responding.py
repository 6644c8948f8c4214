"""Respond to a report: notify the job and the webhook, then stop the step if nothing of the delivery is accepted."""

from __future__ import annotations

from typing import Protocol

from databricks_utils.quality.actions.report import QualityReport
from databricks_utils.quality.actions.webhook import Delivery, Webhook
from databricks_utils.quality.errors import QualityStoppedError
from databricks_utils.quality.outcomes import Outcome, worst

TASK_VALUE = "quality"


class TaskValues(Protocol):
    """The part of `dbutils.jobs.taskValues` that a report needs."""

    def set(self, key: str, value: str) -> object:
        """Set a value of this task."""


class Jobs(Protocol):
    """The part of `dbutils.jobs` that a report needs."""

    @property
    def taskValues(self) -> TaskValues:  # noqa: N802 - Databricks' name
        """The values of this task."""


class Dbutils(Protocol):
    """The part of `dbutils` that a report needs."""

    @property
    def jobs(self) -> Jobs:
        """The job that runs."""


def set_task_value(dbutils: Dbutils, outcome: Outcome, *, key: str = TASK_VALUE) -> None:
    """Set the task value that a condition task of the job reads: `passed`, `warned`, `quarantined` or `stopped`.

    Args:
        dbutils: The notebook's `dbutils`.
        outcome: The outcome.
        key: The name of the value; a notebook that reports about several tables gives each its own.

    Source: https://docs.databricks.com/aws/en/jobs/task-values.
    """
    dbutils.jobs.taskValues.set(key, outcome.value)


def respond(
    report: QualityReport,
    *,
    dbutils: Dbutils | None = None,
    webhook: Webhook | None = None,
    from_outcome: Outcome = Outcome.STOPPED,
) -> Delivery | None:
    """Set the task value, post the report, and raise if the outcome is `stopped`.

    The webhook is called before the error, and whether it works does not matter for the error, which says so.

    Args:
        report: What was found.
        dbutils: The notebook's `dbutils`, to set the task value `quality`; None: set none.
        webhook: Gets the report; None: nobody does.
        from_outcome: The mildest outcome that is posted.

    Returns:
        What came of the webhook; None if it was not called.

    Raises:
        Exception: The task value could not be set; the webhook was called before. If the outcome is `stopped`, the error below names it.
        QualityStoppedError: The outcome is `stopped`; the error names every rule and check that failed, with its numbers.
    """
    outcome = report.outcome
    unset = None if dbutils is None else _error_of_setting(dbutils, outcome)
    problems = (
        [] if unset is None else [f"the task value `{TASK_VALUE}` could not be set: {type(unset).__name__}"]
    )
    # The webhook gets its report also if the task value could not be set.
    delivery = (
        webhook.send(report) if webhook is not None and outcome is worst([outcome, from_outcome]) else None
    )
    if delivery is not None and not delivery.delivered:
        problems.append(f"the webhook did not take the report: {delivery.detail}")
    if outcome is Outcome.STOPPED:
        failed = [str(item) for item in report.not_passed if item.outcome is Outcome.STOPPED]
        raise QualityStoppedError(
            f"quality: {report.table} is not accepted",
            detail="\n".join([*failed, *problems]),
            location=report.table,
            fix="look at `_failures` in the quarantine; correct the source or the rule, or allow a larger limit",
        )
    if unset is not None:
        raise unset
    return delivery


def _error_of_setting(dbutils: Dbutils, outcome: Outcome) -> Exception | None:
    try:
        set_task_value(dbutils, outcome)
    except Exception as error:  # noqa: BLE001 - it is raised after the report was posted
        return error
    return None
