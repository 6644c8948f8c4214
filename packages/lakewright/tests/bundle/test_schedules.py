"""Schedules are judged alike wherever a resource has one; one whose day never comes is reported."""

from datetime import date

import pytest

from lakewright.bundle import all_findings
from lakewright.bundle.jobs.quartz import FIELDS, is_complete, wrong_parts
from lakewright.bundle.jobs.quartz_dates import comes

pytestmark = pytest.mark.unit

PLACES = {
    "jobs schedule": "jobs: {a: {schedule: {quartz_cron_expression: '%s', timezone_id: '%s'}}}",
    "jobs triggers": "jobs: {a: {triggers: [{}, {schedule: {quartz_cron_expression: '%s', timezone_id: '%s'}}]}}",
    "alerts": "alerts: {a: {schedule: {quartz_cron_schedule: '%s', timezone_id: '%s'}}}",
    "pipelines": "pipelines: {a: {trigger: {cron: {quartz_cron_schedule: '%s', timezone_id: '%s'}}}}",
    "quality_monitors": "quality_monitors: {a: {schedule: {quartz_cron_expression: '%s', timezone_id: '%s'}}}",
}
WRONG = {
    "LW632": ("0 6 * * *", "UTC", "quartz_cron", "6 or 7 fields"),
    "LW644": ("0 0 6 * * ?", "Europe/Lisbn", "timezone_id", "`Europe/Lisbn` does not exist"),
    "LW647": ("0 0 6 30 2 ?", "UTC", "quartz_cron", "no day comes that `0 0 6 30 2 ?` names"),
}


def found(project, place, expression, zone):
    resources = PLACES[place] % (expression, zone)
    project.write(databricks=f"bundle: {{name: s}}\nresources:\n  {resources}\n")
    return [each for each in all_findings(project.load()) if each.code in WRONG]


@pytest.mark.parametrize("code", WRONG)
@pytest.mark.parametrize("place", PLACES)
def test_a_wrong_schedule_is_found_in_every_resource_that_has_one(project, place, code):
    expression, zone, field, words = WRONG[code]
    (only,) = found(project, place, expression, zone)
    assert (only.code, only.location.line) == (code, 3)
    assert only.path.rpartition(".")[2].startswith(field)
    assert words in only.summary
    assert only.fix


@pytest.mark.parametrize("place", PLACES)
def test_a_right_schedule_is_left_alone_in_every_resource(project, place):
    assert found(project, place, "0 0 6 L 2 ?", "Europe/Lisbon") == []
    assert found(project, place, "${var.schedule}", "UTC") == []


TODAY = date(2026, 11, 28)


@pytest.mark.parametrize(
    "expression",
    [
        "0 0 0 30 2 ?",
        "0 0 0 30-31 FEB ?",
        "0 0 0 30/1 2 ?",
        "0 0 0 31 4,6,9,11 ?",
        "0 0 0 29 2 ? 2027",
        "0 0 0 L-29 2 ?",
        "0 0 0 ? 2 MON#5 2027",
        "0 0 0 ? * MON-FRI 2020-2025",
        "0 0 0 1 1 ? 2026",
    ],
)
def test_no_day_comes(expression):
    assert not comes(right(expression), TODAY)


@pytest.mark.parametrize(
    "expression",
    [
        "0 0 5 * * ?",
        "0 0 0 29 2 ?",
        "0 0 0 29 2 ? 2027-2029",
        "0 0 0 31 2,3 ?",
        "0 0 0 31 4/2 ?",  # August, October, December
        "0 0 0 31 11-1 ?",
        "0 0 0 L-28 2 ?",
        "0 0 0 LW 2 ?",
        "0 0 0 30,L 2 ?",
        "0 0 0 31W 2 ?",
        "0 0 0 ? 2 MON#5",
        "0 0 0 ? 2 6L",
        "0 0 0 ? 2 FRIL",
        "0 0 0 ? * L",
        "0 0 0 28 11 ? 2026",
        "0 0 0 ? * FRI-MON 2026/10",
    ],
)
def test_a_day_comes(expression):
    assert comes(right(expression), TODAY)


def test_weekdays_are_those_of_quartz():
    """28 November 2026 is a Saturday, 7; the second Monday of December is the 14th."""
    assert comes(right("0 0 0 ? 11 7 2026"), TODAY)
    assert not comes(right("0 0 0 ? 11 6 2026"), TODAY)
    assert comes(right("0 0 0 ? 12 MON#2 2026"), date(2026, 12, 14))
    assert not comes(right("0 0 0 ? 12 MON#2 2026"), date(2026, 12, 15))
    assert comes(right("0 0 0 ? 12 5L 2026"), date(2026, 12, 31))
    assert not comes(right("0 0 0 ? 12 4L 2026"), date(2026, 12, 31))


def test_a_field_stands_for_its_numbers():
    assert FIELDS[0].numbers("3/20,50-52,58-2") == {3, 23, 43, 50, 51, 52, 58, 59, 0, 1, 2}
    assert FIELDS[4].numbers("jan,*/6") == {1, 7}


def right(expression):
    fields = expression.split()
    assert is_complete(fields)
    assert not list(wrong_parts(fields))
    return fields
