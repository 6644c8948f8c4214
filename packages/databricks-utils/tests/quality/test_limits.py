"""A limit is exceeded by more rows than it names; the failures of a delivery are counted by rule, also those that are none."""

import pytest

from databricks_utils.quality import (
    Limit,
    Rule,
    RuleCount,
    RuleLimitError,
    Severity,
    annotate,
    assert_limits,
    count_failures,
)


@pytest.mark.unit
@pytest.mark.parametrize(
    ("limit", "failed", "checked", "exceeded"),
    [
        (Limit(rows=0), 0, 10, False),
        (Limit(rows=0), 1, 10, True),
        (Limit(rows=3), 3, 3, False),
        (Limit(percent=5), 5, 100, False),
        (Limit(percent=5), 6, 100, True),
        (Limit(percent=5), 1, 10, True),
        (Limit(percent=5, reached=True), 5, 100, True),
        (Limit(percent=0), 0, 0, False),
        (Limit(percent=0, reached=True), 0, 0, False),
        (Limit(percent=100), 10, 10, False),
        (Limit(percent=0.1), 1, 1000, False),
    ],
)
def test_a_limit_is_exceeded_by_more_rows_than_it_allows(limit, failed, checked, exceeded):
    assert limit.exceeded_by(failed, of=checked) is exceeded


@pytest.mark.unit
@pytest.mark.parametrize(
    "given", [{}, {"rows": 1, "percent": 1}, {"rows": -1}, {"percent": 101}, {"percent": -0.1}]
)
def test_what_is_no_limit_is_refused(given):
    with pytest.raises(RuleLimitError, match="is no limit") as refused:
        Limit(**given)
    assert "Limit(percent=5)" in refused.value.fix


@pytest.mark.unit
def test_one_error_names_every_exceeded_limit_with_its_numbers():
    def count(name, failed, **fields):
        return RuleCount(Rule(name, "true", f"{name} is wrong", **fields), 100, failed)

    counts = [
        count("kept", 50),
        count("within", 5, limit=Limit(percent=5)),
        count("above", 6, severity=Severity.WARNING, limit=Limit(percent=5)),
        count("never", 1, severity=Severity.FAIL),
        count("not_now", 0, severity="fail"),
    ]
    assert [item.outcome for item in counts] == ["quarantined", "quarantined", "stopped", "stopped", "passed"]
    assert count("doubtful", 1, severity=Severity.WARNING).outcome == "warned"
    with pytest.raises(RuleLimitError, match="too many rows of orders fail `above`, `never`") as refused:
        assert_limits(counts, table="orders", fix="deliver them again")
    assert refused.value.detail.splitlines() == [
        "above: 6 of 100 rows, 6.0%, at most 5 percent: above is wrong",
        "never: 1 of 100 rows, 1.0%, at most 0 rows: never is wrong",
    ]
    assert_limits(counts[:2], table="orders", fix="deliver them again")


@pytest.mark.integration
def test_failures_have_their_values_and_are_counted_by_rule(spark):
    rules = [
        Rule("positive", "n > 0", "too small", value="n"),
        Rule("short", "length(text) < 5", "too long", Severity.WARNING, value="text"),
        Rule("secret", "text <> 'b'", "told", value="text", masked=True),
        Rule("stops", "n <> 3", "three", Severity.FAIL),
        Rule("idle", "true", "never"),
    ]
    frame = spark.createDataFrame(
        [(1, "a"), (-1, "b"), (2, "c" * 300), (3, "d"), (None, None)], "n int, text string"
    )
    annotated = annotate(frame, rules).collect()
    found = [[(item["rule"], item["value"]) for item in row["_failures"]] for row in annotated]
    assert found[0] == []
    assert found[1] == [("positive", "-1"), ("secret", "***")]
    assert found[2] == [("short", "c" * 100)]
    assert found[3] == [("stops", None)]
    assert [name for name, _ in found[4]] == ["positive", "short", "secret", "stops"]
    assert [row["_valid"] for row in annotated] == [True, False, True, False, False]
    counts = count_failures(annotate(frame, rules), rules)
    assert [(item.rule.name, item.failed) for item in counts] == [
        *(("positive", 2), ("short", 2), ("secret", 2), ("stops", 2), ("idle", 0)),
    ]
    assert {item.checked for item in counts} == {5}
    empty = count_failures(annotate(frame.limit(0), rules), rules)
    assert [(item.checked, item.failed, item.rate) for item in empty] == [(0, 0, 0.0)] * 5
