"""The rules of every entity notice bad values and accept the samples; each record of something else is another row."""

from datetime import UTC, datetime

import pytest
from databricks_utils.testing import assert_rules_notice, first_records, judge_records
from rows import ENTITIES, SAMPLES

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("name", sorted(ENTITIES))
def test_every_rule_refuses_something_and_no_value_is_lost_in_silence(spark, tiny, name):
    assert_rules_notice(spark, tiny[name])


@pytest.mark.parametrize("name", sorted(ENTITIES))
def test_at_most_one_sample_record_in_a_hundred_is_invalid_and_each_has_its_own_key(spark, tiny, name):
    entity = ENTITIES[name]
    records = first_records(SAMPLES, entity.source, rows=300)
    judged = judge_records(spark, entity, records, tiny[name].needed) if records else []
    assert sum(not item.valid for item in judged) <= len(judged) / 100
    assert len({tuple(item.values[key] for key in entity.keys) for item in judged}) == len(judged)


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("airlines", {"carrier": "ZZ"}),
        ("airports", {"faa": "ZZZ"}),
        ("flights", {"carrier": "ZZ"}),
        ("flights", {"day": "28"}),
        ("flights", {"flight": "9999"}),
        ("flights", {"origin": "JFK"}),
        ("planes", {"tailnum": "N9ZZ"}),
        ("weather", {"origin": "JFK"}),
        ("weather", {"time_hour": "2013-11-30T05:00:00Z"}),
    ],
)
def test_a_record_of_something_else_is_another_row(spark, tiny, name, change):
    first = tiny[name].records[0]
    one, other = judge_records(spark, ENTITIES[name], [first, {**first, **change}], tiny[name].needed)
    assert [one.values[key] for key in ENTITIES[name].keys] != [other.values[key] for key in ENTITIES[name].keys]


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("flights", {"arr_delay": "NA", "arr_time": "NA", "air_time": "NA"}),
        ("flights", {"tailnum": "N9ZZ"}),
        ("flights", {"dest": "ORD"}),
        ("weather", {"temp": "50"}),
        ("planes", {"seats": "9"}),
        ("airports", {"name": "A new name"}),
        ("airlines", {"name": "A new name"}),
    ],
)
def test_a_corrected_record_is_the_same_row(spark, tiny, name, change):
    first = tiny[name].records[0]
    one, other = judge_records(spark, ENTITIES[name], [first, {**first, **change}], tiny[name].needed)
    assert [one.values[key] for key in ENTITIES[name].keys] == [other.values[key] for key in ENTITIES[name].keys]
    assert one.values != other.values


def test_a_plane_is_built_after_the_first_flight_and_not_in_the_future(spark, tiny):
    first = tiny["planes"].records[0]
    years = [1902, 1903, datetime.now(UTC).year, datetime.now(UTC).year + 2]
    judged = judge_records(spark, ENTITIES["planes"], [{**first, "year": str(year)} for year in years])
    assert [item.valid for item in judged] == [False, True, True, False]
