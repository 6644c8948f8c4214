"""Every row is judged once and is on exactly one side."""

import pytest

from databricks_utils.quality import DuplicateRuleError, Rule, Severity, annotate, split, summary

pytestmark = pytest.mark.integration

RULES = (
    Rule("delay_is_known", "delay IS NOT NULL", "no delay"),
    Rule("delay_is_possible", "delay < 1500", "more than a day"),
    Rule("carrier_is_short", "length(carrier) = 2", "odd carrier", Severity.WARNING),
)
ROWS = [(1, "AA", 5), (2, "AA", None), (3, "AAA", 2000), (4, "AAA", 5), (5, None, 7)]


@pytest.fixture(scope="module")
def rows(spark):
    return spark.createDataFrame(ROWS, "id int, carrier string, delay int")


def test_null_fulfils_no_rule_and_failures_keep_the_rules_order(rows):
    judged = {row["id"]: row for row in annotate(rows, RULES).collect()}
    failed = {key: [failure["rule"] for failure in row["_failures"]] for key, row in judged.items()}
    assert failed == {
        1: [],
        2: ["delay_is_known", "delay_is_possible"],
        3: ["delay_is_possible", "carrier_is_short"],
        4: ["carrier_is_short"],
        5: ["carrier_is_short"],
    }
    assert judged[3]["_failures"][0]["reason"] == "more than a day"
    assert {key for key, row in judged.items() if row["_valid"]} == {1, 4, 5}


def test_each_row_is_on_exactly_one_side_of_the_split(rows):
    sides = split(rows, RULES)
    valid, bad = ({row["id"] for row in side.collect()} for side in sides)
    assert (valid, bad) == ({1, 4, 5}, {2, 3})
    assert sides.valid.columns == rows.columns
    assert sides.quarantined.columns == [*rows.columns, "_failures"]


def test_without_rules_every_row_is_valid(rows):
    assert split(rows, ()).quarantined.count() == 0


def test_a_rule_can_be_given_as_a_column_or_as_text(rows):
    from pyspark.sql import functions as F

    assert split(rows, [Rule("known", F.col("delay").isNotNull(), "x")]).quarantined.count() == 1


def test_failures_are_counted_by_rule(rows):
    counted = {
        (row["rule"], row["severity"]): row["failed_rows"] for row in summary(annotate(rows, RULES)).collect()
    }
    assert counted == {
        ("delay_is_known", "error"): 1,
        ("delay_is_possible", "error"): 2,
        ("carrier_is_short", "warning"): 3,
    }


def test_two_rules_of_one_name_are_refused_before_anything_is_judged(rows):
    with pytest.raises(DuplicateRuleError):
        annotate(rows, [RULES[0], RULES[0]])
