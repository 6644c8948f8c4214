"""Which types the texts of a column may have without a loss, and which words mean a missing value."""

import pytest

from databricks_utils.contracts.drafting.text_shapes import TextProfile, pattern_of
from databricks_utils.contracts.drafting.text_types import candidates, kept_words, missing_words

pytestmark = pytest.mark.unit


def numbers(count=9, **parts):
    return TextProfile(given=count, numbers=count, **parts)


@pytest.mark.parametrize(
    ("profile", "types"),
    [
        (TextProfile(), ["STRING"]),
        (numbers(whole=9, before=18), ["BIGINT", "STRING"]),
        (numbers(whole=9, before=19), ["BIGINT", "DECIMAL(38, 0)", "STRING"]),
        (numbers(whole=9, before=38), ["DECIMAL(38, 0)", "STRING"]),
        (numbers(whole=9, before=39), ["STRING"]),
        (numbers(whole=8, before=3, behind=(0, 1)), ["DOUBLE", "DECIMAL(38, 1)", "STRING"]),
        (numbers(before=16, behind=(2, 2)), ["DECIMAL(18, 2)", "STRING"]),
        (numbers(before=17, behind=(2, 2)), ["DECIMAL(38, 2)", "STRING"]),
        (numbers(before=1, behind=(2, 2), powers=1), ["DOUBLE", "STRING"]),
        (TextProfile(given=9, numbers=8, whole=8, before=1), ["STRING"]),  # one is no number
        (TextProfile(given=9, numbers=8, whole=8, before=1, words={"NaN": 1}), ["BIGINT", "STRING"]),
        (TextProfile(given=9, numbers=8, whole=8, before=1, words={"-inf": 1}), ["DOUBLE", "STRING"]),
        (TextProfile(given=9, numbers=8, whole=8, before=1, words={"true": 1}), ["STRING"]),
        (TextProfile(given=9, words={"true": 4, "False": 4, "NA": 1}), ["BOOLEAN", "STRING"]),
        (TextProfile(given=9, words={"NA": 9}), ["STRING"]),
        (TextProfile(given=9, dates=9), ["DATE", "STRING"]),
        (TextProfile(given=9, dates=8, local=1), ["STRING"]),
        (TextProfile(given=9, zoned=9), ["TIMESTAMP", "STRING"]),
        (TextProfile(given=9, local=9), ["TIMESTAMP_NTZ", "STRING"]),
        (TextProfile(given=9, local=5, zoned=4), ["STRING"]),
    ],
)
def test_the_types_of_texts(profile, types):
    assert [kind.sql() for kind in candidates(profile)] == types


def test_a_word_means_a_missing_value_among_numbers_or_if_it_is_no_word():
    found = missing_words(
        [
            TextProfile(given=3, words={"NA": 1}, whole=2, numbers=2, before=1),
            TextProfile(given=9, words={"NA": 1, "None": 1, "N/A": 1}),
        ]
    )
    assert set(found) == {"NA", "N/A"}
    assert found["NA"] == "it stands among values of another type than text"


def test_a_word_that_looks_like_all_other_codes_is_one_of_them():
    missing = {"NA": "", "n/a": ""}
    assert kept_words(TextProfile(given=9, words={"NA": 1}, shape="AA"), missing) == ("NA",)
    assert kept_words(TextProfile(given=9, words={"NA": 1}, shape="AAA"), missing) == ()
    assert kept_words(TextProfile(given=9, words={"n/a": 1}, shape="a/a"), missing) == ()


@pytest.mark.parametrize(
    ("profile", "pattern"),
    [
        (TextProfile(given=10, shape="AA"), "^[A-Z]{2}$"),
        (TextProfile(given=10, shape="A.9+9 a"), "^[A-Z][.][0-9][+][0-9] [a-z]$"),
        (TextProfile(given=10, runs="A-9", longest=8), "^[A-Z]+-+[0-9]+$"),
        (TextProfile(given=10, ids=10), "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"),
        (TextProfile(given=9, shape="AA"), None),  # too few
        (TextProfile(given=10, shape="é9"), None),
        (TextProfile(given=10, shape="(9)"), None),
        (TextProfile(given=10, runs="a a", longest=8), None),  # words
        (TextProfile(given=10, runs="a9", longest=21), None),
        (TextProfile(given=12, words={"NA": 1}, shape="AA"), None),
        (TextProfile(given=12, long=1, shape="AA"), None),
    ],
)
def test_only_codes_have_a_pattern(profile, pattern):
    assert pattern_of(profile, least=10) == pattern


def test_a_word_for_a_missing_value_does_not_spoil_the_pattern():
    assert (
        pattern_of(TextProfile(given=12, words={"-": 1}, shape="AA"), least=10, known=["-"]) == "^[A-Z]{2}$"
    )
