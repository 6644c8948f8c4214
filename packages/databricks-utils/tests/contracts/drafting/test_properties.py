"""What is guessed of a column, with its reason; and what is not guessed."""

import pytest

from databricks_utils.contracts.drafting.personal import Personal
from databricks_utils.contracts.drafting.properties import Evidence, draft_property, has_few_values
from databricks_utils.contracts.drafting.text_shapes import TextProfile
from databricks_utils.contracts.drafting.values_seen import Column, Seen
from databricks_utils.contracts.types.spark_types import Field, parse

pytestmark = pytest.mark.unit


def seen(kind, *, profile=None, is_text=False, types=(), **numbers):
    values = {"given": 100, "missing": 0, "distinct": 100, **numbers}
    own = tuple(map(parse, types)) or (parse(kind),)
    return Seen(Column(("x",), "`x`", own, "", profile, is_text), parse(kind), **values)


def drafted(found, *, nullable=True, **known):
    return draft_property(Evidence(Field("x", found.type, nullable), found, **known))


def test_the_range_of_numbers_and_that_none_is_missing_are_guesses_with_reasons():
    item = drafted(seen("bigint", least="3", greatest="9"))
    assert item.options == {"minimum": "3", "maximum": "9"}
    assert item.required
    assert item.guessed == {
        "required": "none of 100 values is missing",
        "minimum": "the least of 100 values",
        "maximum": "the greatest of 100 values",
    }


def test_not_null_and_a_key_of_the_table_are_facts():
    item = drafted(seen("bigint"), nullable=False, key=1, key_is_fact=True)
    assert (item.required, item.key, item.guessed) == (True, 1, {})


def test_dates_have_no_greatest_one_since_later_rows_would_break_it():
    item = drafted(seen("date", least="2024-01-01", greatest="2024-12-31"))
    assert item.options == {"minimum": "2024-01-01"}
    assert item.guessed["minimum"].endswith("the greatest is 2024-12-31")


@pytest.mark.parametrize(
    "known",
    [
        {"key": 1},
        {"unique": True},
        {"personal": Personal("dates of birth", "confidential", "its name says so")},
    ],
    ids=["key", "unique", "personal"],
)
def test_of_keys_and_of_persons_no_range_is_drafted(known):
    assert drafted(seen("bigint", least="3", greatest="9"), **known).options == {}


def test_nan_values_prevent_bounds_and_are_told():
    item = drafted(seen("double", least="1.5", greatest="2.5", odd=2))
    assert item.options == {}
    assert item.notes == ("2 values are NaN, which is outside of all bounds: none are drafted",)


def test_what_files_lack_or_what_is_missing_is_not_required():
    assert not drafted(seen("string", missing=1)).required
    assert not drafted(seen("string"), lacking=("a.csv",)).required
    assert not drafted(seen("string", given=0)).required


def few(count=2, given=100, **parts):
    values = {f"v{at}": given // count for at in range(count)}
    profile = TextProfile(given=given, **parts)
    return drafted(seen("string", given=given, distinct=count, profile=profile), values=values)


def test_few_values_that_come_often_may_be_all_there_are():
    item = few()
    assert item.enum == ("v0", "v1")
    assert item.guessed["enum"] == "100 values are one of these 2"
    assert few(1).guessed["enum"] == "all 100 values are this one"
    assert few(21, 2100).enum == ()
    assert few(11).enum == ()


def test_few_values_with_a_variable_in_them_are_not_listed():
    item = drafted(seen("string", distinct=1, profile=TextProfile(given=100)), values={"${env:X}": 100})
    assert item.enum == ()
    assert "looks like a variable" in item.notes[0]


def test_two_words_with_capitals_may_name_a_person_and_are_not_looked_at():
    named = TextProfile(given=100, names=100)
    assert has_few_values(seen("string", distinct=2, profile=TextProfile(given=100)))
    assert not has_few_values(seen("string", distinct=2, profile=named))
    assert "may be names of persons" in drafted(seen("string", distinct=2, profile=named)).notes[0]
    half, fewer = TextProfile(given=100, names=50), TextProfile(given=100, names=49)
    assert not has_few_values(seen("string", distinct=2, profile=half))
    assert has_few_values(seen("string", distinct=2, profile=fewer))
    assert drafted(seen("string", distinct=2, profile=fewer)).notes == ()
    assert not has_few_values(seen("bigint", distinct=2))


def test_a_pattern_is_drafted_where_no_list_of_values_is():
    code = TextProfile(given=100, shape="AA99")
    assert drafted(seen("string", profile=code)).options == {"pattern": "^[A-Z]{2}[0-9]{2}$"}
    assert drafted(seen("string", profile=code, distinct=1), values={"AB12": 100}).options == {}
    personal = Personal("phone numbers", "confidential", "its name says so")
    assert drafted(seen("string", profile=code), personal=personal).options == {}


@pytest.mark.parametrize(
    ("kind", "types", "reason"),
    [
        ("bigint", ["bigint", "string"], "all 100 texts are whole numbers"),
        (
            "decimal(18, 2)",
            ["decimal(18, 2)", "string"],
            "all 100 texts are numbers with the same digits behind the point",
        ),
        (
            "decimal(38, 4)",
            ["double", "decimal(38, 4)"],
            "all 100 texts are numbers, some with more digits than a DOUBLE keeps",
        ),
        (
            "decimal(38, 0)",
            ["bigint", "decimal(38, 0)"],
            "all 100 texts are whole numbers, some too large for a BIGINT",
        ),
    ],
)
def test_the_type_of_texts_is_a_guess_with_its_reason(kind, types, reason):
    assert drafted(seen(kind, is_text=True, types=types)).guessed["logicalType"] == reason


@pytest.mark.parametrize(
    ("profile", "types", "note"),
    [
        (
            TextProfile(given=100, dates=100),
            ["date", "string"],
            "not every value can be read as DATE: it stays text",
        ),
        (
            TextProfile(given=100, numbers=3, runs="9"),
            ["string"],
            "numbers with zeros before them, or too long",
        ),
        (TextProfile(given=100, numbers=95), ["string"], "95 of 100 texts are numbers; the others are not"),
        (
            TextProfile(given=100, words={"NA": 3}),
            ["string"],
            "NA (3): values, or do they mean that one is missing?",
        ),
    ],
)
def test_why_texts_stay_text_is_told(profile, types, note):
    item = drafted(seen("string", is_text=True, types=types, profile=profile))
    assert any(line.startswith(note) for line in item.notes)
    assert "logicalType" not in item.guessed


def test_a_column_without_values_has_a_guessed_type():
    item = drafted(seen("string", is_text=True, given=0, missing=100, profile=TextProfile()))
    assert item.guessed == {"logicalType": "there is no value to see its type"}
