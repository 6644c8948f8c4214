"""`lakewright quality trend`: what is unusual comes first; a name that does not exist gets its nearest ones."""

import json
import sys
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner

from databricks_utils.quality import Point
from databricks_utils.quality.metrics import RuleTrend
from databricks_utils.quality.metrics.trend import trend_of
from lakewright.commands.quality import command
from lakewright.commands.quality.shown import bars
from lakewright.errors import LakewrightError

pytestmark = pytest.mark.unit

FIRST = datetime(2026, 1, 1, tzinfo=UTC)
SILVER = "local_analytics.shop_silver."


def measured(table, rule, *numbers, is_current=True, is_share=True):
    points = [Point(f"run_{day}", FIRST + timedelta(days=day), number) for day, number in enumerate(numbers)]
    newest = numbers[-1]
    numbers = {"checked": None, "failed": None, "rate": None, "value": newest}
    if is_share:
        numbers = {"checked": 1000, "failed": round(newest * 1000), "rate": newest, "value": None}
    return RuleTrend(
        table=SILVER + table,
        rule=rule,
        kind="row" if is_share else "check",
        severity="error",
        **numbers,
        limit="5 %" if is_share else "at least 1",
        outcome="quarantined",
        is_current=is_current,
        trend=trend_of(points, is_share=is_share),
    )


STEADY = [0.01, 0.012, 0.009, 0.011, 0.01]
FOUND = (
    measured("customers", "country_is_known", *STEADY, 0.01),
    measured("customers", "removed_rule", *STEADY, 0.5, is_current=False),
    measured("orders", "amount_is_positive", *STEADY, 0.06),
    measured("orders", "has_rows", 100.0, 100.0, float("nan"), is_share=False),
    measured("reorders", "amount_is_positive", *STEADY, 0.01),
)


@pytest.fixture
def run(monkeypatch):
    """Run the command on what was measured."""

    def runs(*arguments, found=FOUND):
        module = sys.modules["lakewright.commands.quality.trend"]
        monkeypatch.setattr(module, "open_here", lambda *_: None)
        monkeypatch.setattr(module, "_read", lambda *_: found)
        return CliRunner().invoke(command, ["trend", *arguments])

    return runs


def test_what_is_unusual_comes_first_and_a_rule_that_is_measured_no_more_last(run):
    done = run()
    assert done.exit_code == 0
    rows = [
        [cell.strip() for cell in line.split("│")]
        for line in done.output.splitlines()
        if "customers" in line or "orders" in line
    ]
    assert [(row[0], row[1], row[4]) for row in rows if len(row) > 1] == [
        ("shop_silver.orders", "amount_is_positive", "unusual"),
        ("shop_silver.customers", "country_is_known", "usual"),
        ("shop_silver.orders", "has_rows", "too few runs"),
        ("shop_silver.reorders", "amount_is_positive", "usual"),
        ("shop_silver.customers", "removed_rule", "not current"),
    ]
    assert rows[0][2:4] == ["60 of 1,000 failed, 6 %", "0.555 % to 1.44 %"]
    assert rows[0][5:] == ["quarantined", "▃▃▃▃▃█"]
    assert "unusual: 1 of 5" in done.output
    assert "lakewright quality trend shop_silver.orders --rule amount_is_positive" in done.output


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ((), 0),
        (("--fail-on-unusual",), 2),
        (("orders", "--fail-on-unusual"), 2),
        (("shop_silver.orders", "--fail-on-unusual", "-o", "json"), 2),
        (("customers", "--fail-on-unusual"), 0),  # what is measured no more is not unusual for ever
        (("reorders", "--fail-on-unusual"), 0),
        (("--rule", "amount_is_positive", "--fail-on-unusual"), 2),
    ],
)
def test_only_an_unusual_rule_of_the_chosen_ones_sets_the_exit_code(run, arguments, code):
    assert run(*arguments).exit_code == code


def test_one_rule_is_shown_run_by_run_the_newest_first(run):
    shown = run("orders", "--rule", "amount_is_positive").output
    assert (
        "local_analytics.shop_silver.orders amount_is_positive: 60 of 1,000 failed, 6 %, quarantined" in shown
    )
    assert "allowed: 5 %" in shown
    assert "the newest run is unusual" in shown
    assert [line.split("│")[1].strip() for line in shown.splitlines() if "run_" in line] == [
        f"run_{day}" for day in (5, 4, 3, 2, 1, 0)
    ]
    few = run("orders", "--rule", "has_rows").output
    assert "unknown with fewer than five earlier runs" in few
    assert "the newest run is" not in few


def test_json_has_a_line_for_each_rule_without_nan(run):
    lines = [
        json.loads(line, parse_constant=pytest.fail)
        for line in run("orders", "-o", "json").output.splitlines()
    ]
    assert [(line["rule"], line["is_unusual"], line["value"]) for line in lines] == [
        ("amount_is_positive", True, None),
        ("has_rows", False, None),
    ]
    assert lines[0]["runs"][-1] == {
        **{"run_id": "run_5", "measured_at": "2026-01-06T00:00:00+00:00", "number": 0.06},
    }
    assert lines[0]["usual"] == pytest.approx([0.0055522, 0.0144478])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("order",), "did you mean `orders` or `reorders`?"),
        (("none",), "choose one of: `customers`, `orders`, `reorders`"),
        (("ders",), "no rule of a table `ders`"),
        (("orders", "--rule", "amount_positive"), "did you mean `amount_is_positive`?"),
        (("customers", "--rule", "amount_is_positive"), "no rule `amount_is_positive` of customers"),
        (("--rule", "none"), "choose one of: `amount_is_positive`"),
    ],
)
def test_a_table_and_a_rule_that_were_never_measured_are_refused(run, arguments, words):
    refused = run(*arguments).exception
    assert isinstance(refused, LakewrightError)
    assert words in str(refused)


def test_the_number_of_runs_is_at_least_one(run):
    assert "is not in the range" in run("--runs", "0").output


@pytest.mark.parametrize(
    ("numbers", "is_share", "shown"),
    [
        ((), True, ""),
        ((None,), False, "·"),
        ((0.0, 0.0), True, "▁▁"),
        ((0.0, 0.0001, 1.0), True, "▁▂█"),
        ((5.0, 5.0), False, "▁▁"),
        ((100.0, None, 101.0), False, "▁·█"),
        ((-2.0, -1.0), False, "▁█"),
    ],
)
def test_each_run_has_a_bar(numbers, is_share, shown):
    assert bars(numbers, is_share=is_share) == shown
