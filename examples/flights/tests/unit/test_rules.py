"""The rules of every entity notice bad values and accept the samples; each record of something else is another row."""

from datetime import UTC, datetime

import pytest
from databricks_utils.testing import assert_drift_noticed, assert_rules_notice, first_records, judge_records
from rows import ENTITIES, SAMPLES

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("name", sorted(ENTITIES))
def test_every_rule_refuses_something_and_no_value_is_lost_in_silence(spark, tiny, name):
    assert_rules_notice(spark, tiny[name], ignore={"status_is_allowed"})  # the code makes the status, no record has one


@pytest.mark.parametrize("name", sorted(ENTITIES))
def test_a_file_without_a_column_or_with_a_renamed_one_is_refused(name, tmp_path):
    assert_drift_noticed(ENTITIES[name].source, tmp_path)


@pytest.mark.parametrize("name", sorted(ENTITIES))
def test_at_most_one_sample_record_in_a_hundred_is_invalid_and_each_has_its_own_key(spark, tiny, name):
    entity = ENTITIES[name]
    records = first_records(SAMPLES, entity.source, rows=300)
    judged = judge_records(spark, entity, records, tiny[name].needed) if records else []
    assert sum(not item.valid for item in judged) <= len(judged) / 100
    assert len({tuple(item.values[key] for key in entity.keys) for item in judged}) == len(judged)


ANOTHER = {
    "airlines": [{"carrier": "ZZ"}],
    "airports": [{"faa": "ZZZ"}],
    "flights": [{"carrier": "ZZ"}, {"day": "28"}, {"flight": "9999"}, {"origin": "JFK"}],
    "planes": [{"tailnum": "N9ZZ"}],
    "weather": [{"origin": "JFK"}, {"time_hour": "2013-11-30T05:00:00Z"}],
}
CORRECTED = {
    "airlines": [{"name": "A new name"}],
    "airports": [{"name": "A new name"}],
    "flights": [
        {"arr_delay": "NA", "arr_time": "NA", "air_time": "NA"},
        {"tailnum": "N9ZZ"},
        {"dest": "ORD"},
    ],
    "planes": [{"seats": "9"}],
    "weather": [{"temp": "50"}],
}


@pytest.mark.parametrize("name", sorted(CORRECTED))
def test_a_record_of_something_else_is_another_row_and_a_corrected_record_is_the_same(spark, tiny, name):
    entity, first = ENTITIES[name], tiny[name].records[0]
    changes = [*ANOTHER[name], *CORRECTED[name]]
    original, *judged = judge_records(
        spark, entity, [first, *({**first, **change} for change in changes)], tiny[name].needed
    )
    for change, item in zip(changes, judged, strict=True):
        is_the_same = all(item.values[key] == original.values[key] for key in entity.keys)
        assert is_the_same == (change in CORRECTED[name]), change
        assert item.values != original.values, change


def test_a_plane_is_built_after_the_first_flight_and_not_in_the_future(spark, tiny):
    first = tiny["planes"].records[0]
    years = [1902, 1903, datetime.now(UTC).year, datetime.now(UTC).year + 2]
    judged = judge_records(spark, ENTITIES["planes"], [{**first, "year": str(year)} for year in years])
    assert [item.valid for item in judged] == [False, True, True, False]
