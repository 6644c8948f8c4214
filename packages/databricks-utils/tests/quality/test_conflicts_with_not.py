"""Conditions with NOT, decimals and names in another case, against SQL's logic of three values in plain Python."""

import operator

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from databricks_utils.quality import Rule, check_rules

pytestmark = pytest.mark.unit

SIGNS = {"<": operator.lt, "<=": operator.le, "=": operator.eq, "<>": operator.ne, ">=": operator.ge}
VALUES = [None, *(quarter / 4 for quarter in range(-10, 11))]
NUMBERS = st.sampled_from([-2, -1, 0, 1, 2, -1.5, 0.5, 1.5])
NAMES = st.sampled_from(["n", "N", "`n`"])


def negated(holds):
    return lambda x: None if holds(x) is None else not holds(x)


def comparison(name, sign, number):
    return f"{name} {sign} {number}", lambda x: None if x is None else SIGNS[sign](x, number)


def between(name, low, high):
    return f"{name} BETWEEN {low} AND {high}", lambda x: None if x is None else low <= x <= high


SIMPLE = st.one_of(
    st.builds(comparison, NAMES, st.sampled_from(list(SIGNS)), NUMBERS),
    st.builds(between, NAMES, NUMBERS, NUMBERS),
)


def with_not(part, word):
    sql, holds = part
    return f"{word}{sql}", negated(holds) if word else holds


def both(one, other):
    def holds(x):
        found = [part[1](x) for part in (one, other)]
        return False if False in found else None if None in found else True

    return f"{one[0]} AND {other[0]}", holds


PARTS = st.builds(with_not, SIMPLE, st.sampled_from(["", "", "NOT ", "! "]))
CONDITIONS = st.one_of(PARTS, st.builds(both, PARTS, PARTS))


@settings(max_examples=400, deadline=None)
@given(CONDITIONS, CONDITIONS)
@example(
    with_not(between("n", 1, 2), "NOT "),
    both(with_not(comparison("n", ">=", 1), "NOT "), with_not(comparison("n", "<=", 2), "NOT ")),
)
def test_what_is_reported_holds_for_all_values(one, other):
    meets = {"a": one[1], "b": other[1]}
    for conflict in check_rules([Rule("a", one[0], "why"), Rule("b", other[0], "why")]):
        results = [tuple(meets[name](value) is True for name in conflict.rules) for value in VALUES]
        if conflict.kind == "contradicts":
            assert not any(all(result) for result in results)
        else:
            assert all(len(set(result)) == 1 for result in results)
