"""What rules, checks and limits may say; and SQL that is put inside of other SQL. No Spark."""

from datetime import timedelta
from decimal import Decimal

import numpy as np
import pytest

from databricks_utils.quality import (
    Check,
    Group,
    Limit,
    Outcome,
    Query,
    Reference,
    Rule,
    RuleDeclarationError,
    Severity,
    Unique,
    age_in_seconds,
    check_rules,
    null_rate,
    row_count,
)
from databricks_utils.quality.bounds import in_bounds, is_within, number_of, words
from databricks_utils.quality.checks.placeholders import fill, placeholders
from databricks_utils.quality.errors import MissingTableError
from databricks_utils.quality.outcomes import worst
from databricks_utils.quality.rules import threshold
from databricks_utils.quality.sql_tokens import is_closed, tokens

pytestmark = pytest.mark.unit


def test_warn_is_another_word_for_warning_and_only_warnings_keep_the_row():
    assert Rule("a", "true", "why", "warn").severity is Severity.WARNING
    assert [severity for severity in Severity if severity.keeps_the_row] == [Severity.WARNING]


def test_severity_fail_allows_no_row_and_no_limit():
    assert threshold(Rule("a", "true", "why", "fail")) == Limit(rows=0)
    assert threshold(Rule("a", "true", "why", limit=Limit(percent=5))) == Limit(percent=5)
    assert threshold(Rule("a", "true", "why")) is None
    with pytest.raises(RuleDeclarationError, match="and a limit of 5 %") as refused:
        Rule("a", "true", "why", "fail", Limit(percent=5))
    assert "above its limit the step stops too" in refused.value.fix


@pytest.mark.parametrize(
    ("make", "fix"),
    [
        (lambda: Rule("a", "true", "why", limit=10), "Limit(rows=10)"),
        (lambda: Unique("a", "email", "why"), 'columns=("email",)'),
        (lambda: Unique("a", (), "why"), 'columns=("order_id",)'),
        (lambda: Unique("a", ("email",), "why", same="id"), 'same=("id",)'),
        (lambda: Unique("a", ("email",), "why", existing="today"), 'same=("customer",)'),
        (lambda: Reference("a", ("x", "y"), "t", "why", to_columns=("z",)), "as many to_columns"),
        (lambda: Group("a", "file", "count(*)", "why", at_least=1), 'by=("file",)'),
        (lambda: Group("a", ("file",), "count(*)", "why"), "at_least=…, at_most=…"),
        (lambda: Group("a", ("file",), "count(*)", "why", at_least=5, at_most=4), "correct one of the two"),
        (lambda: Check("a", "count(*)", "why", at_least="5"), "at_least=10"),
        (lambda: Check("a", "count(*)", "why", at_most=True), "at_most=10"),
        (lambda: Check("a", "count(*)", "why", at_most=float("nan")), "at_most=10"),
        (lambda: Check("a", "count(*)", "why", "error", at_least=1), "`fail`, which stops the step"),
        (lambda: Query("a", "SELECT 1", "why"), "at_least=…, at_most=…"),
        (lambda: Check("a", "count(*)", "why", at_most=10**400), "that a DOUBLE can have"),
        (lambda: Check("a", "count(*)", "why", at_least=Decimal("-1e400")), "that a DOUBLE can have"),
        (lambda: Check("a", "count(*)", "why", at_least=0.3, less_than=Decimal("0.3")), "correct one"),
        (lambda: Check("a", "count(*)", "why", at_most=Decimal("NaN")), "at_most=10"),
    ],
)
def test_what_cannot_be_declared_is_refused_with_a_fix(make, fix):
    with pytest.raises(RuleDeclarationError) as refused:
        make()
    assert fix in refused.value.fix


def test_the_worst_outcome_counts():
    assert worst([]) is Outcome.PASSED
    assert worst([Outcome.WARNED, Outcome.STOPPED, Outcome.QUARANTINED]) is Outcome.STOPPED


@pytest.mark.parametrize(
    ("value", "passes"),
    [
        (1, True),
        (Decimal("1.00"), True),
        (0.99, False),
        (5, True),
        (5.01, False),
        (float("nan"), False),
        (None, False),
    ],
)
def test_bounds_include_their_numbers_and_neither_nan_nor_nothing(value, passes):
    assert is_within(value, 1, Decimal(5), null_passes=False) is passes
    assert is_within(None, 1, 5, null_passes=True)


@pytest.mark.parametrize(
    ("value", "bound"),
    [
        (Decimal("0.30"), 0.3),
        (0.1, Decimal("0.1")),
        (0.1, Decimal("0.10")),
        (Decimal("0.3"), Decimal("0.30")),
        (3, 3.0),
        (Decimal(3), np.int64(3)),
        (0.5, np.float64(0.5)),
        (Decimal("0.1"), np.float64(0.1)),
    ],
)
def test_a_bound_includes_its_number_whatever_its_type(value, bound):
    assert is_within(value, bound, bound, null_passes=False)
    assert is_within(value, None, bound, null_passes=False)
    assert not is_within(value, None, None, more_than=bound, null_passes=False)
    assert not is_within(value, None, None, less_than=bound, null_passes=False)


def test_bounds_of_two_types_are_compared_as_they_are_written():
    check = Check("a", "max(price)", "why", at_least=Decimal("0.3"), at_most=0.3)
    assert words(check.at_least, check.at_most) == "exactly 0.3"
    high = Check("b", "max(price)", "why", at_most=0.3)
    assert check_rules([Check("a", "max(price)", "why", at_least=Decimal("0.3")), high]) == ()
    assert not is_within(float("inf"), None, 10**300, null_passes=False)
    assert is_within(float("inf"), None, float("inf"), null_passes=False)
    assert is_within(Decimal(1), None, float("inf"), null_passes=False)


def test_numbers_of_numpy_are_written_as_sql():
    assert "`n` >= 0.5 AND `n` <= 5 AND" in in_bounds("n", np.float64(0.5), np.int64(5), null_passes=False)


def test_bounds_are_written_with_all_digits():
    assert number_of(timedelta(milliseconds=1500)) == Decimal("1.5")
    assert "`n` >= 0.1 AND" in in_bounds("n", 0.1, None, null_passes=False)
    assert "double('Infinity')" in in_bounds("n", None, float("inf"), null_passes=False)
    assert "1e+300D" in in_bounds("n", None, 1e300, null_passes=False)
    assert words(timedelta(days=1), None) == "at least 86400"


def test_measures_quote_their_column():
    assert row_count() == "count(*)"
    assert null_rate("odd `name") == "avg(if(`odd ``name` IS NULL, 1, 0))"
    assert "max(`a.b`)" in age_in_seconds("a.b")


@pytest.mark.parametrize(
    ("sql", "names"),
    [
        ("SELECT count(*) FROM {table} JOIN {a} JOIN {table}", ["table", "a"]),
        ("SELECT '{a}', \"{a}\", r'{a}' FROM `{a}` -- {a}", []),
        ("SELECT 1 /* {a} */ WHERE x RLIKE '^[A-Z]{2}$'", []),
        ("SELECT {a}{b}", ["a", "b"]),
        ("SELECT '\\'{a}'", []),
    ],
)
def test_placeholders_are_found_outside_of_texts_and_comments_only(sql, names):
    assert placeholders(sql, rule="r") == names


def test_a_placeholder_is_filled_and_an_unknown_one_is_refused():
    assert fill("SELECT '{a}' FROM {a}", {"a": "`x`"}, rule="r") == "SELECT '{a}' FROM `x`"
    with pytest.raises(MissingTableError, match=r"`r` names `\{custmers\}`") as refused:
        fill("SELECT 1 FROM {custmers}", {"customers": "`x`", "table": "`t`"}, rule="r")
    assert refused.value.fix == "did you mean `customers`?"


@pytest.mark.parametrize("sql", ["SELECT '", "SELECT 1; DROP TABLE x", "SELECT `a", "SELECT '${env:TOKEN}'"])
def test_sql_that_could_become_another_statement_is_refused(sql):
    with pytest.raises(RuleDeclarationError):
        fill(sql, {}, rule="r")


@pytest.mark.parametrize(
    ("sql", "closed"),
    [
        ("a > 1", True),
        ("(a > 1) OR f(b[0])", True),
        ("a = ')'", True),
        ("a = 'it\\'s)'", True),
        ("a = r'\\'", True),
        ("`)` > 1", True),
        ("a > 1) OR (b > 1", False),
        ("a > 1 -- one", False),
        ("a > 1 /* one */", False),
        ("(a > 1]", False),
        ("a = '${env:X}'", False),
        ("a = 'x", False),
        ("a; b", False),
        ("", False),
        (" ", False),
    ],
)
def test_only_a_text_that_keeps_its_meaning_in_brackets_is_put_into_other_sql(sql, closed):
    assert is_closed(sql) is closed


def test_tokens_are_the_text_again():
    sql = "a.b >= 1.5e3 AND `x``y` <=> 'é\\'' -- done\n/* all */ || .5BD"
    assert "".join(token.text for token in tokens(sql)) == sql
