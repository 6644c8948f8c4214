"""Doubts that a collation, a type, a setting or the reader of SQL itself brings; none of them is reported."""

import pytest

from databricks_utils.quality import Limit, Query, Rule, check_rules
from databricks_utils.quality.errors import DuplicateRuleError
from databricks_utils.quality.sql_tokens import tokens

pytestmark = pytest.mark.unit


def found(*conditions):
    rules = [Rule(f"rule_{place}", condition, "why") for place, condition in enumerate(conditions)]
    return [conflict.kind for conflict in check_rules(rules)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("country IN ('NL','DE')", "country RLIKE '^[^a-z]+$'"),
        ("NOT a BETWEEN 1 AND 5", "NOT a >= 1 AND NOT a <= 5"),
        ("! a BETWEEN 1 AND 5", "! a >= 1 AND ! a <= 5"),
        ("m.A = 1", "m.a = 2"),
        ("m.A > 1", "m.a > 1"),
        ("v:A > 1", "v:a > 1"),
        ("s = 'Łódź'", "s = 'Lodz'"),
        ("s = 'Malmø'", "s = 'Malmo'"),
        ("s = 'あ'", "s = 'ア'"),
        ("s = 'T12:30'", "s = 'T12:30:00'"),
        ("s = 'lynas'", "s = 'linas'"),
        ("s = 'a-b'", "s = 'ab'"),
        ("s <= 1", "s > 1.0"),
        ("s = 1", "s <> 1.0"),
        ("s < 1.00", "s >= 1.0"),
        ("n > 9007199254740992", "n <= 9.007199254740992e15"),
        ("x >= 0.6", "x <= 0.5"),
        ("t = TIMESTAMP_NTZ '2024-01-01 00:00:00+02:00'", "t = TIMESTAMP_NTZ '2024-01-01 00:00:00+00:00'"),
        ("f = '16777216'", "f = '16777217'"),
        ("s = 'it''s'", "s = 'it' 's'"),
        ("a > 5 /* /* */ and a < 3 and b /* */ */", "a < 7"),
        ("a > 5 -- one \\\nand a < 3", "a < 7"),
        ("n > 1e9999999999999999999", "n < 3"),
        ("n > 1e1000000", "n < 3"),
        ("(" * 1100 + "a > 1" + ")" * 1100, "a > 1"),
        ("s RLIKE '^" + "a?" * 18 + "a" * 18 + "$'", "s = '" + "a" * 17 + "b'"),
        ("s RLIKE '^" + ".{0,30}" * 4 + "x$'", "s = '" + "a" * 100 + "'"),
    ],
)
def test_a_doubt_is_not_reported(one, other):
    assert found(one, other) == []


def test_other_rules_are_compared_beside_one_that_is_not_understood():
    assert found("n > 1e9999999999999999999", "n < 3", "n > 7") == ["contradicts"]


def test_a_comment_in_a_comment_is_one_and_an_open_one_is_refused():
    assert [token.kind for token in tokens("/* a /* b */ c */") or []] == ["comment"]
    assert tokens("a /* /* */") is None


def test_paths_and_placeholders_of_queries_keep_their_case():
    for one, other in (("s.`A`", "s.`a`"), ("{A}", "{a}")):
        rules = [
            Query(f"q{place}", f"SELECT count(*) FROM {name}", "why", at_most=0)
            for place, name in enumerate((one, other))
        ]
        assert check_rules(rules) == ()


def test_the_rule_that_stops_the_delivery_is_kept():
    rules = [Rule("e", "a > 1", "why"), Rule("f", "a > 1", "why", "fail")]
    assert check_rules(rules)[0].fix == "keep `f` and remove `e`"
    rules = [Rule("e", "a > 1", "why"), Rule("f", "a > 1", "why", limit=Limit(percent=5))]
    assert check_rules(rules)[0].fix == "keep `f` and remove `e`"

    rules = [Rule("e", "a > 1", "why"), Rule("w", "a > 1", "why", "warn", Limit(rows=0))]
    assert check_rules(rules)[0].fix == "keep `e` with the limit of `w` and remove `w`"


def test_two_rules_of_one_name_are_refused():
    with pytest.raises(DuplicateRuleError):
        check_rules([Rule("e", "a > 1", "why"), Rule("e", "a > 2", "why")])


def test_the_search_stops_after_a_hundred_contradictions_and_says_so():
    conflicts = check_rules([Rule(f"r{place}", f"n = {place}", "why") for place in range(20)])
    assert [conflict.kind for conflict in conflicts] == ["contradicts"] * 100 + ["stopped"]
    assert str(conflicts[-1]).startswith("only the first 100 contradictions are reported")
