"""Rules that repeat or contradict each other are found from their text; where there is a doubt, nothing is reported."""

import math
import random
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from databricks_utils.quality import Check, Group, Query, Reference, Rule, Severity, Unique, check_rules
from databricks_utils.quality.conflicts.satisfying import surely_does_not_fit

pytestmark = pytest.mark.unit


def found(*conditions):
    """The kinds of the conflicts among conditions."""
    rules = [Rule(f"rule_{place}", condition, "why") for place, condition in enumerate(conditions)]
    return [conflict.kind for conflict in check_rules(rules)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("N>=10", "( `n` >= 10 )"),
        ("x = 1", "1 == X"),
        ("a > 1 and b < 2", "B < 2 AND (((a > 1)))"),
        ("x BETWEEN 1 AND 5", "x >= 1 AND x <= 5"),
        ("x IN ('a', 'b')", "x in ('b','a')"),
        ("x IN ('a')", "x = 'a'"),
        ("`a b` <> 3", "`A B` != 3"),
        ("x IS NULL OR (x RLIKE '^a')", "(x IS NULL) OR x REGEXP '^a'"),
        ("o.price > 3", "`o`.`price` > 3"),
        ("exists(tags, t -> t > 1)", "EXISTS ( tags , t->t>1 )"),
        ("CASE WHEN a AND b THEN c > 1 END", "case when a and b then c>1 end"),
    ],
)
def test_one_condition_in_two_spellings_repeats(one, other):
    assert found(one, other) == ["repeats"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("n >= 10", "n < 5"),
        ("n > 3", "n <= 3"),
        ("n IS NULL", "n IS NOT NULL"),
        ("n IS NULL", "char_length(n) > 3"),
        ("x IN (1, 2)", "x NOT IN (2, 1)"),
        ("x = 'NL'", "x IN ('DE', 'FR')"),
        ("x IN ('NL', 'DE')", "x RLIKE '^[A-Z]{3}$'"),
        ("x BETWEEN DATE '2024-01-01' AND DATE '2024-02-01'", "x > DATE '2024-02-01'"),
        ("flag = true", "flag = false"),
        ("char_length(x) >= 5", "x IS NULL OR (char_length(x) <= 3)"),
        ("x = 3 OR x = 4", "(x IS NULL OR x > 7) AND x IS NOT NULL"),
        ("x >= TIMESTAMP '2024-01-01 00:00:00Z'", "x < TIMESTAMP '2024-01-01 01:00:00+02:00'"),
    ],
)
def test_conditions_that_no_row_meets_contradict(one, other):
    assert found(one, other) == ["contradicts"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("x IS NULL OR (x > 5)", "x IS NULL OR (x < 3)"),  # NULL meets both
        ("x = '01'", "x = '1'"),  # equal for a column of numbers
        ("x = 'a'", "x = 'A'"),  # equal in a collation
        ("x = 'true'", "x = 'yes'"),  # equal for a column of truth values
        ("x >= '9'", "x <= '10'"),  # 9 <= 10 for a column of numbers
        ("x = '01'", "x RLIKE '^1$'"),  # the number 1
        ("x IN ('nl')", "x RLIKE '^[A-Z]+$'"),  # NL in a collation
        ("x = 0.1", "x = 0.10000000000000000001"),  # equal for a column of doubles
        ("x > 16777216", "x < 16777217"),  # a float
        ("x <= 1", "x >= 1.5"),  # the text 1.5, read as a whole number and as a decimal
        ("x >= TIMESTAMP '2024-03-31 03:15:00'", "x <= TIMESTAMP '2024-03-31 02:45:00'"),  # a skipped hour
        ("x = 1", "x = '2'"),
        ("x > DATE '2024-01-02'", "x < TIMESTAMP '2024-01-01 00:00:00'"),
        ("rand() > 0.9", "rand() < 0.1"),
        ("rand() > 0.5", "rand() > 0.5"),
        ("NOT x = 1", "x = 1"),
        ("size(x) = -1", "x IS NULL"),
        ("`current_date` > 3", "current_date > 3"),
        ("a > b", "a < b"),
        ("x IN (SELECT 1)", "x = 2"),
        ("x = '${env:A}'", "x = '${env:A}'"),
        ("x RLIKE '(a+)+$'", "x = 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab'"),  # would take for ever
        ("x = 'unfinished", "x = 'unfinished"),
        ("", ""),
    ],
)
def test_a_doubt_is_not_reported(one, other):
    assert [kind for kind in found(one, other) if kind == "contradicts" or one != other] == []


def test_a_rule_that_no_row_meets_is_reported_alone_and_one_more_rule_that_requires_a_value_is_named():
    assert [conflict.rules for conflict in check_rules([Rule("a", "x > 3 AND x < 3", "why")])] == [("a",)]
    rules = [
        Rule("small", "x IS NULL OR (x < 3)", "why"),
        Rule("given", "x IS NOT NULL", "why"),
        Rule("large", "x IS NULL OR x > 5", "why"),
        Rule("other", "y IS NOT NULL", "why"),
    ]
    (conflict,) = check_rules(rules)
    assert (conflict.kind, conflict.rules) == ("contradicts", ("small", "given", "large"))
    assert "correct the bounds of one" in str(conflict)
    nothing = Rule("never", "x IS NULL OR (x > 3 AND x < 3)", "why")
    assert [conflict.rules for conflict in check_rules([rules[1], nothing])] == [("given", "never")]


def test_a_repetition_names_the_rule_to_keep():
    rules = [
        Rule("mild", "x > 1", "why", Severity.WARNING),
        Rule("strict", "X>1", "why"),
        Rule("y", "y > 1", "why"),
    ]
    (conflict,) = check_rules(rules)
    assert conflict.rules == ("mild", "strict")
    assert conflict.fix == "keep `strict` and remove `mild`"


def test_rules_over_several_rows_and_checks_are_compared_too():
    rules = [
        Unique("u", ("a", "b"), "why"),
        Unique("same_u", ("B", "a"), "why"),
        Unique("wider", ("a", "b"), "why", same=("c",)),
        Reference("r", ("a", "b"), "t", "why", to_columns=("x", "y")),
        Reference("same_r", ("b", "a"), "t", "why", to_columns=("y", "x")),
        Reference("other_r", ("b", "a"), "t", "why", to_columns=("x", "y")),
        Group("g", ("f",), "count(*)", "why", at_least=10),
        Group("same_g", ("F",), "COUNT( * )", "why", at_least=10),
        Group("never", ("f",), "count(*)", "why", at_most=9),
        Check("c", "avg(x)", "why", at_least=1),
        Check("same_c", "AVG(x)", "why", at_least=1),
        Check("wider_c", "avg(x)", "why", at_least=0),
        Query("q", "SELECT count(*) FROM {table}", "why", at_most=0),
        Query("same_q", "select count(*)\nfrom {table} -- all", "why", at_most=0),
        Query("odd", "SELECT '", "why", at_most=0),
        Query("odd_too", "SELECT '", "why", at_most=0),
    ]
    assert [(conflict.kind, conflict.rules) for conflict in check_rules(rules)] == [
        ("repeats", ("u", "same_u")),
        ("repeats", ("r", "same_r")),
        ("repeats", ("g", "same_g")),
        ("repeats", ("c", "same_c")),
        ("repeats", ("q", "same_q")),
        ("contradicts", ("g", "never")),
        ("contradicts", ("same_g", "never")),
    ]


def test_a_rule_that_is_a_column_is_not_understood_and_not_reported():
    assert check_rules([Rule("a", object(), "why"), Rule("b", object(), "why")]) == ()


def test_a_thousand_rules_are_compared_in_a_moment():
    rules = [
        Rule(f"rule_{place}", f"c{place} IS NULL OR (c{place} > {place})", "why") for place in range(1000)
    ]
    rules += [Rule(f"given_{place}", f"c{place} IS NOT NULL", "why") for place in range(1000)]
    assert check_rules(rules) == ()


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ("NL", "^[A-Z]{2}$"),
        ("NL", "L"),
        ("ab", "^ab *$"),
        ("ab", r"\p{Lower}+"),
        ("ab", "(?i)AB"),
        ("é", "^x$"),
    ],
)
def test_a_pattern_that_a_text_may_fit_refuses_it_not_surely(text, pattern):
    assert not surely_does_not_fit(text, pattern)
    assert surely_does_not_fit("NL", "^[A-Z]{3}$")


# Conditions about one column, with what each means for a value in plain Python.
NUMBERS = st.integers(-3, 3)
VALUES = [None, math.nan, -100, 100, *(half / 2 for half in range(-9, 10))]
SIGNS = {
    "<": lambda x, y: x < y,
    "<=": lambda x, y: x <= y,
    "=": lambda x, y: x == y,
    "<>": lambda x, y: x != y,
    ">=": lambda x, y: x >= y,
    ">": lambda x, y: x > y,
}


def as_spark(value):
    """A value as Spark orders it: NaN is equal to itself and greater than all numbers."""
    return math.inf if math.isnan(value) else value


def comparison(sign, number):
    return f"n {sign} {number}", lambda x: x is not None and SIGNS[sign](as_spark(x), number)


def between(low, high):
    return f"n BETWEEN {low} AND {high}", lambda x: x is not None and low <= as_spark(x) <= high


def listed(numbers, *, negated):
    sql = f"n {'NOT ' if negated else ''}IN ({', '.join(map(str, numbers))})"
    return sql, lambda x: x is not None and (as_spark(x) in numbers) is not negated


SIMPLE = st.one_of(
    st.builds(comparison, st.sampled_from(list(SIGNS)), NUMBERS),
    st.builds(between, NUMBERS, NUMBERS),
    st.builds(listed, st.lists(NUMBERS, min_size=1, max_size=3), negated=st.booleans()),
    st.sampled_from([("n IS NULL", lambda x: x is None), ("n IS NOT NULL", lambda x: x is not None)]),
)


def joined(parts, word):
    meet = all if word == "AND" else any
    return f" {word} ".join(f"({sql})" for sql, _ in parts), lambda x: meet(holds(x) for _, holds in parts)


CONDITIONS = st.recursive(
    SIMPLE,
    lambda inner: st.builds(joined, st.lists(inner, min_size=2, max_size=3), st.sampled_from(["AND", "OR"])),
    max_leaves=6,
)


def respelled(sql, seed):
    """The same condition with other case, spaces, brackets and backticks."""
    draw = random.Random(seed)
    words = sql.replace("(", " ( ").replace(")", " ) ").split()
    spelled = [
        draw.choice([f"`{word}`", word.upper(), f"({word})"])
        if word == "n"
        else draw.choice([word, word.lower()])
        for word in words
    ]
    return "((" + "".join(f"{left}{draw.choice([' ', '  ', chr(10)])}" for left in spelled) + "))"


@settings(max_examples=400, deadline=None)
@given(CONDITIONS, CONDITIONS)
@example(comparison(">", 1), comparison("<", 2))
def test_two_conditions_contradict_if_and_only_if_no_value_meets_both(one, other):
    (first, meets_first), (second, meets_second) = one, other
    possible = any(meets_first(value) and meets_second(value) for value in VALUES)
    kinds = found(first, second)
    assert ("contradicts" in kinds) is not possible
    if "repeats" in kinds:
        assert all(meets_first(value) == meets_second(value) for value in VALUES)


@settings(max_examples=200, deadline=None)
@given(CONDITIONS, st.integers(0, 10**6))
def test_another_spelling_of_a_condition_repeats_it(condition, seed):
    sql, _ = condition
    assert "repeats" in found(sql, respelled(sql, seed))


WORDS = [
    "NL",
    "nl",
    "DE",
    "PT",
    "1",
    "01",
    "true",
    "t",
    "2024-01-01",
    "2024-1-1",
    "1.0",
    "é",
    "e",
    "a b",
    "a  b",
    "x ",
]


def truth(text):
    return {"true": True, "t": True, "1": True}[text.lower()]


def day(text):
    return date(*map(int, text.split("-")))


CONVERSIONS = [str, str.casefold, str.strip, float, truth, day]


def converted(texts, conversion):
    """The values that a column of another type compares with; a text that is none is an error there, and equals nothing."""
    for text in texts:
        try:
            yield conversion(text)
        except (ValueError, KeyError, TypeError):
            continue


@settings(max_examples=300, deadline=None)
@given(*2 * [st.lists(st.sampled_from(WORDS), min_size=1, max_size=4)])
def test_lists_of_texts_contradict_only_if_no_conversion_makes_two_equal(one, other):
    first, second = (", ".join(f"'{text}'" for text in texts) for texts in (one, other))
    if any({*converted(one, to)} & {*converted(other, to)} for to in CONVERSIONS):
        assert "contradicts" not in found(f"s IN ({first})", f"s IN ({second})")


@settings(max_examples=200, deadline=None)
@given(st.lists(st.dates(date(1000, 1, 1), date(9999, 12, 31)), min_size=2, max_size=2, unique=True))
def test_dates_and_texts_of_dates_are_ordered(days):
    for low, high in pairwise(sorted(days)):
        assert found(f"d <= DATE '{low}'", f"d >= DATE '{high}'") == ["contradicts"]
        assert found(f"d <= '{low}'", f"d >= '{high}'") == ["contradicts"]
        assert found(f"d >= DATE '{low}'", f"d <= DATE '{high}'") == []
