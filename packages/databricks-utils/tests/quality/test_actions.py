"""The report goes to the job and the webhook; the address stays secret, and a broken webhook hides nothing."""

from types import SimpleNamespace

import pytest
from webhook_server import SECRET, receiving

from databricks_utils.quality import (
    CheckResult,
    Limit,
    Outcome,
    QualityReport,
    QualityStoppedError,
    RuleCount,
    Severity,
    Webhook,
    WebhookAddressError,
    respond,
)

pytestmark = pytest.mark.unit

STOPPED = RuleCount("is_positive", "row", Severity.ERROR, 1000, 60, Limit(percent=5))
WARNED = RuleCount("is_short", "row", Severity.WARNING, 1000, 1)
PASSED = RuleCount("is_given", "row", Severity.ERROR, 1000, 0)
STALE = CheckResult(
    "is_fresh", "check", Severity.FAIL, "no new rows", float("nan"), None, 60, Outcome.STOPPED, 0.1
)


def report(*found):
    return QualityReport.of(found, table="a.b.orders", run_id="7")


def test_a_report_is_posted_as_json_with_names_and_numbers_only():
    with receiving() as (url, bodies):
        delivery = Webhook(url).send(report(PASSED, WARNED, STOPPED, STALE))
    assert (delivery.delivered, delivery.detail) == (True, "status 200")
    (body,) = bodies
    assert (body["table"], body["run_id"], body["outcome"]) == ("a.b.orders", "7", "stopped")
    assert [rule["rule"] for rule in body["rules"]] == ["is_positive", "is_fresh", "is_short"]
    assert body["rules"][0] == {
        **{"rule": "is_positive", "kind": "row", "severity": "error", "outcome": "stopped"},
        **{"checked": 1000, "failed": 60, "limit": "5 %"},
    }
    assert body["rules"][1]["value"] is None
    assert body["text"].startswith("quality of a.b.orders: stopped: `is_positive`: 60 of 1,000 rows failed")


@pytest.mark.parametrize(
    ("status", "headers", "detail"),
    [
        (500, (), "status 500"),
        (404, (), "status 404"),
        (302, (("Location", "http://127.0.0.1:1/x"),), "status 302"),
    ],
)
def test_a_refusal_and_a_redirect_are_reported_with_their_status(status, headers, detail):
    with receiving(status, headers) as (url, bodies):
        delivery = Webhook(url).send(report(STOPPED))
    assert (delivery.delivered, delivery.detail, len(bodies)) == (False, detail, 1)


def test_a_webhook_that_does_not_answer_is_given_up():
    with receiving(wait=0.5) as (url, _):
        assert Webhook(url, timeout_seconds=0.05).send(report(STOPPED)).detail == "no answer in time"


def test_a_webhook_that_is_not_there_is_reported_without_its_address():
    delivery = Webhook(f"http://localhost:1/{SECRET}").send(report(STOPPED))
    assert (delivery.delivered, delivery.detail) == (False, "no connection (ConnectionRefusedError)")


@pytest.mark.parametrize(
    "url",
    [
        *(
            "http://hooks.example.com/secret",
            "ftp://localhost/secret",
            "file:///etc/secret",
            "secret",
            "https://",
        ),
        *("https:///secret", "https://[secret", "https://a.com/secret\nHost: b", None, 3, ""),
    ],
)
def test_an_address_without_tls_is_refused_and_not_shown(url):
    with pytest.raises(WebhookAddressError) as refused:
        Webhook(url)
    assert "secret" not in str(refused.value).replace("a secret", "").replace("secret://", "")
    assert "secret" not in repr(Webhook("https://hooks.example.com/secret"))


@pytest.mark.parametrize("seconds", [0, -1, float("nan"), float("inf"), 1e30, 3601])
def test_a_webhook_waits_for_a_finite_time(seconds):
    with pytest.raises(WebhookAddressError, match="cannot wait"):
        Webhook("https://hooks.example.com", timeout_seconds=seconds)


class Values:
    def __init__(self, error=None):
        self.values, self.error = {}, error
        self.jobs = SimpleNamespace(taskValues=self)

    def set(self, key, value):
        if self.error:
            raise self.error
        self.values[key] = value


@pytest.mark.parametrize(
    ("found", "outcome"), [((PASSED,), "passed"), ((PASSED, WARNED), "warned"), ((), "passed")]
)
def test_what_is_accepted_sets_the_task_value_and_posts_nothing(found, outcome):
    dbutils = Values()
    with receiving() as (url, bodies):
        assert respond(report(*found), dbutils=dbutils, webhook=Webhook(url)) is None
    assert (dbutils.values, bodies) == ({"quality": outcome}, [])


def test_a_warning_is_posted_if_wanted():
    with receiving() as (url, bodies):
        delivery = respond(report(WARNED), webhook=Webhook(url), from_outcome=Outcome.WARNED)
        assert respond(report(PASSED), webhook=Webhook(url), from_outcome=Outcome.WARNED) is None
    assert delivery is not None
    assert delivery.delivered
    assert [body["outcome"] for body in bodies] == ["warned"]


def test_what_is_not_accepted_raises_after_the_job_and_the_webhook_were_told():
    dbutils = Values()
    with receiving() as (url, bodies), pytest.raises(QualityStoppedError) as stopped:
        respond(report(PASSED, STOPPED, STALE), dbutils=dbutils, webhook=Webhook(url))
    assert (dbutils.values, len(bodies)) == ({"quality": "stopped"}, 1)
    assert stopped.value.detail.splitlines() == [
        "`is_positive`: 60 of 1,000 rows failed, 6 %; allowed: 5 %",
        "`is_fresh`: no new rows: nan; allowed: at most 60",
    ]


def test_a_broken_webhook_and_a_broken_task_value_hide_no_violation():
    broken = Values(RuntimeError(SECRET))
    with receiving(500) as (url, _), pytest.raises(QualityStoppedError) as stopped:
        respond(report(STOPPED), dbutils=broken, webhook=Webhook(url))
    assert stopped.value.detail.splitlines()[1:] == [
        "the task value `quality` could not be set: RuntimeError",
        "the webhook did not take the report: status 500",
    ]
    assert SECRET not in str(stopped.value)
    with pytest.raises(RuntimeError):
        respond(report(PASSED), dbutils=broken)


def test_a_report_is_posted_although_the_task_value_cannot_be_set():
    broken = Values(RuntimeError("no job"))
    with receiving() as (url, bodies), pytest.raises(RuntimeError, match="no job"):
        respond(report(WARNED), dbutils=broken, webhook=Webhook(url), from_outcome=Outcome.WARNED)
    assert [body["outcome"] for body in bodies] == ["warned"]
