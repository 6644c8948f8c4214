"""Alert: post the report of a step to the webhook of the configuration when the step ends, also if an error stopped it."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

from databricks_utils.config import reveal
from databricks_utils.context import Context
from databricks_utils.quality.actions.responding import TASK_VALUE, Dbutils, set_task_value
from databricks_utils.quality.actions.run_report import RunReport, report_of_run
from databricks_utils.quality.actions.webhook import Webhook
from databricks_utils.quality.errors import NotAcceptedError, WebhookAddressError
from databricks_utils.quality.metrics import TABLE
from databricks_utils.quality.outcomes import Outcome, worst

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


_LINES = 4  # of the message of `dbutils.secrets.get`, which names scope and key


class AlertNotSentWarning(UserWarning):
    """Issued if a step ended well and its report could not be posted; the message does not contain the address."""


class Secrets(Protocol):
    """The part of `dbutils.secrets` that an alert needs."""

    def get(self, scope: str, key: str) -> str:
        """Return a secret."""


class DbutilsWithSecrets(Dbutils, Protocol):
    """The part of `dbutils` that an alert needs."""

    @property
    def secrets(self) -> Secrets:
        """The secrets of the workspace."""


@contextmanager
def alerting(spark: SparkSession, context: Context, *, dbutils: DbutilsWithSecrets) -> Iterator[None]:
    """Post what the rules and checks of a step found to `alerts.webhook_url`, if it is `alerts.from_outcome` or worse.

    At most one report is posted, when the step has ended, also if it raised. If the data are not accepted (`NotAcceptedError`), the task
    value `quality` becomes `stopped`. The step's error is raised as it is: what goes wrong with the report becomes a note of that
    error, or a warning if the step ended well. Without `alerts.webhook_url` nothing is read and nothing is posted.

    Args:
        spark: The session of the step; it reads `ops.quality_metrics`.
        context: The environment of the step.
        dbutils: The notebook's `dbutils`, to read the address if it is `secret://scope/key`, and to set the task value.

    Raises:
        WebhookAddressError: Before the step: the address is not an https address, or its secret cannot be read.

    Example:
        with alerting(spark, context, dbutils=dbutils):
            transformed = medallion.transform()
    """
    alert = _Alert(spark, context, _webhook(context, dbutils), datetime.now(UTC))
    try:
        yield
    except Exception as error:
        problems = alert.send(error)
        if isinstance(error, NotAcceptedError):
            problems += _problems_of_setting(dbutils)
        for problem in problems:
            error.add_note(problem)
        raise
    for problem in alert.send(None):
        warnings.warn(problem, AlertNotSentWarning, stacklevel=3)


@dataclass(frozen=True)
class _Alert:
    """The report that is posted when the step has ended.

    Attributes:
        spark: See `alerting`.
        context: See `alerting`.
        webhook: Gets the report; None: nobody does.
        began: When the step began: earlier attempts of the same run were reported already.
    """

    spark: SparkSession
    context: Context
    webhook: Webhook | None
    began: datetime

    def send(self, error: Exception | None) -> list[str]:
        """Post the report if its outcome is bad enough, and return what went wrong; this raises nothing."""
        least = Outcome(self.context.config.alerts.from_outcome)
        # A step that ended well stopped nothing: then the metrics need not be read.
        if self.webhook is None or (error is None and least is Outcome.STOPPED):
            return []
        report, problems = self._report(error)
        if report.outcome is not worst([report.outcome, least]):
            return problems
        try:
            delivery = self.webhook.send(report)
        except Exception as problem:  # noqa: BLE001 - nothing hides the step's error; the text may contain the address
            return [*problems, f"alert: the report could not be posted: {type(problem).__name__}"]
        if delivery.delivered:
            return problems
        return [*problems, f"alert: the webhook did not take the report: {delivery.detail}"]

    def _report(self, error: Exception | None) -> tuple[RunReport, list[str]]:
        """Return the report, and what went wrong; an error about quality is reported also if the metrics cannot be read."""
        context, run_id = self.context, self.context.run_id
        stopped_by = error.summary if isinstance(error, NotAcceptedError) else ""
        try:
            report = report_of_run(
                self.spark, context.table("ops", TABLE), run_id, since=self.began, stopped_by=stopped_by
            )
        except Exception as problem:  # noqa: BLE001 - as above
            unread = f"alert: the metrics of the run could not be read: {type(problem).__name__}"
            return RunReport(run_id, (), stopped_by), [unread]
        return (report if error else report.accepted), []


def _webhook(context: Context, dbutils: DbutilsWithSecrets) -> Webhook | None:
    address = context.config.alerts.webhook_url
    if address is None or not address.get_secret_value():
        return None
    try:
        url = reveal(address, get=lambda scope, key: dbutils.secrets.get(scope, key))  # noqa: PLW0108 - only a reference needs it
    except Exception as error:
        raise WebhookAddressError(
            "quality: the secret that alerts.webhook_url names cannot be read",
            detail="\n".join(f"{type(error).__name__}: {error}".splitlines()[:_LINES]),
            fix="add the secret to its scope, or grant READ on the scope; name it only in the configuration of the environments "
            "that have it, e.g. config/prod.yaml",
        ) from error
    return Webhook(url)


def _problems_of_setting(dbutils: Dbutils) -> list[str]:
    try:
        set_task_value(dbutils, Outcome.STOPPED)
    except Exception as problem:  # noqa: BLE001 - as above
        return [f"the task value `{TASK_VALUE}` could not be set: {type(problem).__name__}"]
    return []
