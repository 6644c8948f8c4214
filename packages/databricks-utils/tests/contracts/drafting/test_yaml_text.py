"""Texts in YAML: every reader gets the same text back, and a comment never becomes a value."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from databricks_utils.config.origin import Origin
from databricks_utils.config.yaml_reader import read_text
from databricks_utils.contracts.drafting.yaml_text import comment, inline, scalar

pytestmark = pytest.mark.unit

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
PITFALLS = st.sampled_from(
    ["yes", "No", "on", "null", "~", "true", "1", "1.0", "012", "0x1", "1e3", ".inf", "1:30", "2024-01-31", "- a", "* a", "&a",
     "!a", "%a", "@a", "a: b", "a #b", "#", "'", '"', "[", "{", "|", ">", " a", "a ", "", "a\nb", "\t", "\x00", "\x85", "\u2028", "\ufeff",
     "${env:HOME}", "=", "<<", "\\", "e5", "---", "..."]
)  # fmt: skip


@given(st.one_of(TEXTS, PITFALLS))
def test_a_text_is_read_back_by_our_reader_and_by_one_of_yaml_1_1(text):
    document = f"key: {scalar(text)}  {comment(text)}\n"
    assert read_text(document, Origin("argument", "test")).children["key"].value == text
    assert yaml.safe_load(document) == {"key": text}


@given(st.lists(st.one_of(TEXTS, PITFALLS), max_size=4))
def test_a_list_in_one_line_is_read_back(texts):
    assert yaml.safe_load(f"key: {inline(texts)}\n") == {"key": texts}


@given(st.one_of(TEXTS, PITFALLS))
def test_a_comment_has_one_line_and_no_value(text):
    assert yaml.safe_load(f"{comment(text)}\nkey: 1\n") == {"key": 1}


@pytest.mark.parametrize(
    "text", ["orders", "Fixed wing single engine", "America/New_York", "varchar(3)", "2nd"]
)
def test_plain_words_stay_plain_if_they_can(text):
    assert scalar(text) == (text if text[0].isalpha() else f"'{text}'")
