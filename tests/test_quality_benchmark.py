"""The quality benchmark compares ways that found the same, and says what each of them cannot do."""

import pytest
from quality_split import growth, ratios, summary
from quality_ways.checks import CORE, checks_of
from quality_ways.task import Outcome
from quality_ways.truth import assert_right
from quality_ways.ways import WAYS

pytestmark = pytest.mark.unit


def run(way, cpu, *, rows=1_000_000, rules=10, **more):
    outcome = {"valid": 9, "quarantined": 1, "failures": 1, "notes": ""}
    return {"way": way, "rows": rows, "rules": rules, "cpu": cpu, "wall": cpu / 2, "outcome": outcome, **more}


def test_more_rules_are_other_rules_with_other_names_and_none_is_stricter_than_the_core():
    hundred = checks_of(100)
    assert checks_of(10) == hundred[:10] == CORE
    assert len({check.name for check in hundred}) == 100
    assert len({check.condition() for check in hundred}) == 100
    assert checks_of(1)[0].name == "email_fits"
    quantities = [check.low for check in hundred if check.column == "quantity"]
    assert quantities == sorted(quantities, reverse=True)


def test_medians_ratios_and_slopes_leave_the_warm_up_out():
    lines = [
        run("ours", 99.0, warm=True),
        *(run("ours", cpu) for cpu in (10.0, 11.0, 30.0)),
        *(run("by_hand", cpu) for cpu in (9.0, 10.0, 11.0)),
        run("dqx", 22.0),
        run("dqx_two_writes", 16.5),
        run("ours", 31.0, rows=3_000_000),
    ]
    found = summary(lines)
    assert found["sizes"]["1000000 rows, 10 rules"]["ways"]["ours"]["cpu_seconds"] == 11.0
    assert found["sizes"]["1000000 rows, 10 rules"]["ratios"]["cpu"] == {
        "ours to by_hand": 1.1,
        "by_hand to ours": 0.91,
        "dqx to ours": 2.0,
        "dqx_two_writes to ours": 1.5,
        "dqx at its cheapest to ours": 1.5,
    }
    assert found["grows"] == {"ours": {"a_million_rows": 10.0}}


def test_the_cost_of_a_rule_is_a_slope():
    runs = {(1_000_000, rules, "ours"): [run("ours", 5 + rules / 10, rules=rules)] for rules in (1, 10, 100)}
    assert growth(runs) == {"ours": {"a_rule": 0.1}}


def test_without_the_job_by_hand_there_are_no_ratios():
    assert ratios({"ours": {"cpu_seconds": 1.0, "wall_seconds": 1.0}}) == {}


def test_a_tool_that_fails_or_would_take_too_long_is_named_with_the_reason():
    found = summary(
        [
            {"way": "cuallee", "rows": 1, "rules": 10, "error": "Traceback\nValueError: no\n"},
            {"way": "dqx", "rows": 10_000_000, "rules": 10, "skipped": 400},
        ]
    )
    assert found["not_measured"] == {
        "cuallee": "ValueError: no",
        "dqx, 10000000 rows": "would take about 400 s",
    }


@pytest.mark.parametrize("found", [Outcome(8, 2, 2), Outcome(9, 1, 2), Outcome(None, None, None)])
def test_a_way_that_found_something_else_is_refused(found):
    with pytest.raises(RuntimeError, match="are right"):
        assert_right("ours", found, Outcome(9, 1, 1), splits=True)


def test_a_tool_without_a_split_is_held_to_the_failures_that_it_counts():
    assert_right("cuallee", Outcome(failures=1), Outcome(9, 1, 1), splits=False)
    assert_right("pandera", Outcome(), Outcome(9, 1, 1), splits=False)
    with pytest.raises(RuntimeError, match="2 failures, 1 are right"):
        assert_right("cuallee", Outcome(failures=2), Outcome(9, 1, 1), splits=False)


def test_nothing_of_another_tool_is_needed_to_know_the_ways():
    assert [name for name, way in WAYS.items() if not way.needs] == [
        "ours",
        "by_hand",
        "by_hand_two_writes",
        "copy",
    ]
