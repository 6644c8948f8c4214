"""A step that stops is reported once, and its error stays what it is; a broken webhook and a broken secret hide nothing."""

import warnings
from types import SimpleNamespace

import pytest
from webhook_server import SECRET, receiving

from databricks_utils.catalog import CatalogHelper
from databricks_utils.config import EnvironmentConfig
from databricks_utils.context import Context
from databricks_utils.medallion import BrokenPromiseError
from databricks_utils.quality import (
    AlertNotSentWarning,
    Finding,
    LimitExceededError,
    Outcome,
    QuarantineShareError,
    RunReport,
    Severity,
    WebhookAddressError,
    alerting,
)
from databricks_utils.quality.actions import alerting as module

pytestmark = pytest.mark.unit

ORDERS = "local_analytics.shop_silver.orders"
STOPPED = Finding(ORDERS, "is_positive", "row", Severity.ERROR, 1000, 60, None, "5 %", Outcome.STOPPED)
KEPT = Finding(ORDERS, "is_short", "row", Severity.WARNING, 1000, 1, None, None, Outcome.WARNED)
GONE = Finding(ORDERS, "is_given", "row", Severity.ERROR, 1000, 2, None, None, Outcome.QUARANTINED)
STALE = Finding(
    ORDERS, "is_fresh", "check", Severity.FAIL, None, None, float("nan"), "at most 60", Outcome.STOPPED
)
GOOD = Finding(ORDERS, "is_known", "row", Severity.ERROR, 1000, 0, None, None, Outcome.PASSED)
TOO_MANY = QuarantineShareError("quality: 60 of 1,000 rows of orders are invalid, 6.0%; the limit is 1.0%")


def context(url=None, *, run_id="7", **alerts):
    given = {"webhook_url": url, **alerts} if url is not None else alerts
    config = EnvironmentConfig(
        environment="local", catalog={"name": "local_analytics", "schema": "shop"}, alerts=given
    )
    return Context(config, CatalogHelper(config), run_id=run_id)


class Dbutils:
    """Keeps the task values; its secrets are given, and each one that is read is noted."""

    def __init__(self, **secrets):
        self.values, self.read, self._secrets = {}, [], secrets
        self.jobs = SimpleNamespace(taskValues=self)
        self.secrets = SimpleNamespace(get=self._secret)

    def set(self, key, value):
        self.values[key] = value

    def _secret(self, scope, key):
        self.read.append((scope, key))
        return self._secrets[key]


def step(context, dbutils, error=None):
    """A step that raises, or ends well."""
    with alerting(None, context, dbutils=dbutils):
        if error:
            raise error


@pytest.fixture
def measured(monkeypatch):
    """What the run has recorded, and the calls that read it."""
    found = SimpleNamespace(rules=(), calls=[])

    def report_of_run(spark, name, run_id, *, since, stopped_by):
        found.calls.append((name, run_id, since))
        return RunReport(run_id, found.rules, stopped_by)

    monkeypatch.setattr(module, "report_of_run", report_of_run)
    return found


def test_a_stopped_step_is_posted_once_and_its_error_is_raised_as_it_is(measured):
    measured.rules, dbutils = (STOPPED, GOOD, STALE), Dbutils()
    error = LimitExceededError("quality: one rule fails on more rows", fix="look at `_failures`")
    with receiving() as (url, bodies), pytest.raises(LimitExceededError) as raised:
        step(context(url), dbutils, error)
    assert raised.value is error
    assert not hasattr(error, "__notes__")
    assert dbutils.values == {"quality": "stopped"}
    (body,) = bodies
    assert (body["run_id"], body["outcome"]) == ("7", "stopped")
    assert body["stopped_by"] == "quality: one rule fails on more rows"
    assert body["text"] == (
        "quality of run 7: stopped: one rule fails on more rows; "
        f"{ORDERS} `is_fresh`: nan; allowed: at most 60; {ORDERS} `is_positive`: 60 of 1,000 rows failed; allowed: 5 %"
    )
    assert [(rule["rule"], rule.get("value", "-"), rule.get("failed")) for rule in body["rules"]] == [
        ("is_fresh", None, None),
        ("is_positive", "-", 60),
    ]


@pytest.mark.parametrize(
    "error", [TOO_MANY, BrokenPromiseError("gold.sales was not written: its rows break 1 rule")]
)
def test_what_no_rule_alone_stops_is_posted_as_stopped(measured, error):
    """More rows than the quarantine may take: each rule alone is within its limit. A derived table has no recorded rules at all."""
    measured.rules = (GONE,)
    with (
        receiving() as (url, bodies),
        pytest.raises(type(error)),
        alerting(None, context(url), dbutils=Dbutils()),
    ):
        raise error
    assert [body["outcome"] for body in bodies] == ["stopped"]
    assert error.summary.removeprefix("quality: ") in bodies[0]["text"]


@pytest.mark.parametrize(
    ("rules", "least", "posted"),
    [
        ((GOOD,), "warned", []),
        ((), "warned", []),
        ((GOOD, KEPT), "warned", ["warned"]),
        ((GOOD, KEPT), "quarantined", []),
        ((KEPT, GONE), "quarantined", ["quarantined"]),
        ((KEPT, GONE), "stopped", []),
        # Accepted by a person, since the step ended well:
        ((STOPPED,), "stopped", []),
        ((STOPPED, KEPT), "quarantined", ["quarantined"]),
        ((STALE,), "quarantined", []),
        ((STALE,), "warned", ["warned"]),
    ],
)
def test_a_step_that_ended_well_is_posted_from_the_configured_outcome_on(measured, rules, least, posted):
    measured.rules, dbutils = rules, Dbutils()
    with receiving() as (url, bodies), alerting(None, context(url, from_outcome=least), dbutils=dbutils):
        assert bodies == []
    assert [body["outcome"] for body in bodies] == posted
    assert dbutils.values == {}  # the notebook sets it


def test_an_error_of_another_kind_is_posted_only_if_a_table_was_stopped(measured):
    for rules, posted in [((STOPPED,), ["stopped"]), ((GONE,), []), ((), [])]:
        measured.rules, dbutils = rules, Dbutils()
        with receiving() as (url, bodies), pytest.raises(ZeroDivisionError):
            step(context(url), dbutils, ZeroDivisionError())
        assert ([body["outcome"] for body in bodies], dbutils.values) == (posted, {})


def test_only_this_attempt_of_the_run_is_read(measured):
    with receiving() as (url, _), alerting(None, context(url, from_outcome="warned"), dbutils=Dbutils()):
        pass
    ((name, run_id, since),) = measured.calls
    assert (name, run_id) == ("local_analytics.shop_ops.quality_metrics", "7")
    assert since.tzinfo is not None


@pytest.mark.parametrize("url", [None, ""])
def test_without_a_webhook_nothing_is_read_and_the_task_value_is_set_all_the_same(measured, url):
    dbutils = Dbutils()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        step(context(url, from_outcome="warned"), dbutils)
        with pytest.raises(QuarantineShareError) as raised, alerting(None, context(url), dbutils=dbutils):
            raise QuarantineShareError("too many")
    assert not hasattr(raised.value, "__notes__")
    assert (measured.calls, dbutils.read, dbutils.values) == ([], [], {"quality": "stopped"})


@pytest.mark.parametrize(
    ("status", "headers", "detail"),
    [(500, (), "status 500"), (302, (("Location", "http://127.0.0.1:1/elsewhere"),), "status 302")],
)
def test_a_refusal_and_a_redirect_are_notes_of_the_error(measured, capfd, status, headers, detail):
    measured.rules = (STOPPED,)
    error = LimitExceededError("too many")
    with receiving(status, headers) as (url, bodies), pytest.raises(LimitExceededError):
        step(context(url), Dbutils(), error)
    assert error.__notes__ == [f"alert: the webhook did not take the report: {detail}"]
    assert len(bodies) == 1
    assert capfd.readouterr() == ("", "")


def test_a_dead_webhook_and_a_failed_task_value_hide_no_error(measured):
    dbutils = Dbutils()
    dbutils.jobs = None
    error = LimitExceededError("too many")
    with pytest.raises(LimitExceededError) as raised:
        step(context(f"http://127.0.0.1:1/{SECRET}"), dbutils, error)
    assert raised.value is error
    assert error.__notes__ == [
        "alert: the webhook did not take the report: no connection (ConnectionRefusedError)",
        "the task value `quality` could not be set: AttributeError",
    ]


def test_a_dead_webhook_is_a_warning_if_the_step_ended_well(measured):
    measured.rules = (GONE,)
    url = f"http://127.0.0.1:1/{SECRET}"
    with pytest.warns(AlertNotSentWarning, match="did not take the report: no connection") as caught:
        step(context(url, from_outcome="quarantined"), Dbutils())
    (warning,) = caught
    assert SECRET not in str(warning.message)
    assert warning.filename == __file__


def test_a_stop_is_posted_even_if_the_metrics_cannot_be_read(monkeypatch):
    def fails(*_, **__):
        raise ConnectionError(SECRET)

    monkeypatch.setattr(module, "report_of_run", fails)
    with receiving() as (url, bodies), pytest.raises(QuarantineShareError) as raised:
        step(context(url), Dbutils(), QuarantineShareError("quality: too many"))
    assert raised.value.__notes__ == ["alert: the metrics of the run could not be read: ConnectionError"]
    assert [(body["outcome"], body["text"], body["rules"]) for body in bodies] == [
        ("stopped", "quality of run 7: stopped: too many", [])
    ]


def test_the_address_is_read_from_its_secret(measured):
    with receiving() as (url, bodies):
        dbutils = Dbutils(hook=url)
        with pytest.raises(QuarantineShareError):
            step(context("secret://alerts/hook"), dbutils, QuarantineShareError("too many"))
    assert (dbutils.read, len(bodies)) == ([("alerts", "hook")], 1)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        (f"http://hooks.example.com/{SECRET}", "not an https address"),
        ("secret://alerts/wrong", "not an https address"),
        ("secret://alerts/none", "cannot be read"),
    ],
)
def test_a_wrong_address_and_a_missing_secret_are_refused_before_the_step(url, words):
    dbutils = Dbutils(wrong=f"http://hooks.example.com/{SECRET}")
    with pytest.raises(WebhookAddressError, match=words) as refused:
        step(context(url), dbutils, AssertionError("the step began"))
    assert SECRET not in str(refused.value)
    assert refused.value.fix


def test_the_line_of_text_names_five_rules_and_the_data_all():
    rules = tuple(
        Finding(ORDERS, f"rule_{number}", "row", Severity.ERROR, 9, 1, None, None, Outcome.QUARANTINED)
        for number in range(7)
    )
    body = RunReport("7", rules).as_json()
    assert body["text"].endswith("`rule_4`: 1 of 9 rows failed; 2 more rules")
    assert len(body["rules"]) == 7
    assert RunReport("7", ()).as_json()["text"] == "quality of run 7: passed: nothing failed"
