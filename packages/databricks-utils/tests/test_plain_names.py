"""Names of columns become beginnings of names of rules: readable ones, and a different one for each column."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from databricks_utils.plain_names import plain_name, rule_stems

pytestmark = pytest.mark.unit


def stems(*names):
    return [rule_stems([(name,) for name in names])[(name,)] for name in names]


def test_plain_names_stay_as_they_are():
    assert stems("id", "order_id", "Order ID", "n2", "1st") == [
        "id",
        "order_id",
        "order_id_2",
        "n2",
        "column_1st",
    ]
    assert rule_stems([("address", "zip")]) == {("address", "zip"): "address_zip"}


def test_letters_of_other_scripts_are_written_in_plain_ones_or_by_their_numbers():
    assert stems("größe", "Été", "日本", "!") == ["grosse", "ete", "column_65e5_672c", "column_21"]


def test_two_columns_with_one_plain_name_differ_and_the_plain_one_keeps_it():
    assert stems("id!", "id", "id?", "id_2") == ["id_3", "id", "id_4", "id_2"]
    assert list(rule_stems([("a", "b"), ("a_b",)]).values()) == ["a_b_2", "a_b"]


def test_a_name_of_other_characters_does_not_change_when_a_column_is_added_before_it():
    assert stems("日本")[0] == stems("x", "語", "日本")[2]


@given(st.lists(st.text(min_size=1, max_size=4), unique=True, max_size=8))
def test_stems_of_any_names_differ_and_can_begin_the_name_of_a_rule(names):
    found = stems(*names)
    assert len(set(found)) == len(names)
    assert all(re.fullmatch("[a-z][a-z0-9_]*", stem) for stem in found)


def test_a_text_of_which_nothing_is_left_gives_an_empty_name():
    assert plain_name("日本", "data") == ""
