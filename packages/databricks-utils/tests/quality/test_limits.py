"""A limit is exceeded by more rows than it names; the failures of a delivery are counted by rule, also those that are none."""

import pytest

from databricks_utils.quality import (
    Limit,
    LimitExceededError,
    Rule,
    RuleCount,
    RuleDeclarationError,
    Severity,
    annotate,
    assert_limits,
    counts,
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
    assert limit.is_exceeded(failed=failed, checked=checked) is exceeded


@pytest.mark.unit
@pytest.mark.parametrize(
    "given", [{}, {"rows": 1, "percent": 1}, {"rows": -1}, {"percent": 101}, {"percent": -0.1}]
)
def test_what_is_no_limit_is_refused(given):
    with pytest.raises(RuleDeclarationError, match="limit") as refused:
        Limit(**given)
    assert "Limit(" in refused.value.fix


@pytest.mark.unit
def test_one_error_names_every_exceeded_limit_with_its_numbers():
    def count(name, failed, severity=Severity.ERROR, limit=None):
        return RuleCount(name, "row", severity, 100, failed, limit)

    counted = [
        count("kept", 50),
        count("within", 5, limit=Limit(percent=5)),
        count("above", 6, Severity.WARNING, Limit(percent=5)),
        count("never", 1, Severity.FAIL, Limit(rows=0)),
        count("not_now", 0, Severity.FAIL, Limit(rows=0)),
        count("doubtful", 1, Severity.WARNING),
        count("tolerated", 5, Severity.WARNING, Limit(percent=5)),
        count("only_said", 6, Severity.WARNING, Limit(percent=5, only_warns=True)),
        count("not_said", 5, Severity.WARNING, Limit(percent=5, only_warns=True)),
    ]
    found = [item.outcome.value for item in counted]
    assert found == ["quarantined", "quarantined", "stopped", "stopped", "passed", *["warned"] * 4]
    with pytest.raises(
        LimitExceededError, match="2 rules fail on more rows of orders than allowed"
    ) as refused:
        assert_limits(counted, table="orders", fix="deliver them again")
    assert refused.value.detail.splitlines() == [
        "`above`: 6 of 100 rows failed, 6 %; allowed: 5 %",
        "`never`: 1 of 100 rows failed, 1 %; allowed: 0 rows",
    ]
    assert_limits(counted[:2], table="orders")


@pytest.mark.unit
@pytest.mark.parametrize(
    ("failed", "checked", "limit", "shown"),
    [
        (5001, 100_000, Limit(percent=5), "5,001 of 100,000 rows failed, 5.001 %; allowed: 5 %"),
        (5000, 100_000, Limit(percent=5), "5,000 of 100,000 rows failed, 5 %; allowed: 5 %"),
        (99_999, 100_000, None, "99,999 of 100,000 rows failed, 99.999 %"),
        (100_000, 100_000, Limit(percent=99.99999), "100 %; allowed: 99.99999 %"),
        (1, 10**9, None, "1 of 1,000,000,000 rows failed, 0.0000001 %"),
        (1, 3, Limit(percent=100, reached=True), "1 of 3 rows failed, 33.3 %; allowed: less than 100 %"),
        (10**17 - 1, 10**17, None, "failed, 100 %"),
        (0, 0, Limit(percent=0.5), "0 of 0 rows failed, 0 %; allowed: 0.5 %"),
    ],
)
def test_the_words_show_on_which_side_of_the_limit_a_rate_is(failed, checked, limit, shown):
    assert shown in str(RuleCount("a", "row", Severity.ERROR, checked, failed, limit))


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
    assert found[2] == [("short", "c" * 200)]
    assert found[3] == [("stops", None)]
    assert [name for name, _ in found[4]] == ["positive", "short", "secret", "stops"]
    assert [row["_valid"] for row in annotated] == [True, False, True, False, False]
    counted = counts(annotate(frame, rules), rules)
    assert [(item.rule, item.failed) for item in counted] == [
        *(("positive", 2), ("short", 2), ("secret", 2), ("stops", 2), ("idle", 0)),
    ]
    assert {item.checked for item in counted} == {5}
    empty = counts(annotate(frame.limit(0), rules), rules)
    assert [(item.checked, item.failed, item.rate) for item in empty] == [(0, 0, 0.0)] * 5
