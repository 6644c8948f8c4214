"""HHMM clock times of two places become timestamps, also across midnight and changes of summer time."""

from datetime import UTC, datetime

import pytest
from databricks_utils.testing import judge_records
from pyspark.sql import functions as F
from rows import record

from flights.transformations.silver import flights

pytestmark = pytest.mark.unit


def read_one(bronze_flights, airports, **changes):
    read = flights.typed(bronze_flights(record(**changes)), airports)
    instants = [
        F.unix_seconds(name).alias(name)
        for name in ("scheduled_departure", "departure", "scheduled_arrival", "arrival")
    ]
    (row,) = read.select("status", *instants).collect()
    return {k: datetime.fromtimestamp(v, UTC) if isinstance(v, int) else v for k, v in row.asDict().items()}


def utc(*parts):
    return datetime(*parts).replace(tzinfo=UTC)


def test_new_york_is_five_hours_behind_utc_in_winter(bronze_flights, airports):
    row = read_one(bronze_flights, airports)
    assert row["scheduled_departure"] == utc(2013, 1, 1, 10, 40)
    assert row["departure"] == utc(2013, 1, 1, 10, 42)
    assert row["arrival"] == utc(2013, 1, 1, 14, 23)
    assert row["status"] == "completed"


def test_the_arrival_is_in_the_time_zone_of_the_destination(bronze_flights, airports):
    row = read_one(bronze_flights, airports, dest="DEN", month="7", sched_dep_time="600", sched_arr_time="815")
    assert row["scheduled_arrival"] == utc(2013, 7, 1, 14, 15)


def test_2400_is_midnight_of_the_next_day_and_an_earlier_arrival_time_is_on_the_next_day(bronze_flights, airports):
    row = read_one(bronze_flights, airports, sched_dep_time="2130", dep_time="2132", sched_arr_time="2400")
    assert row["scheduled_arrival"] == utc(2013, 1, 2, 5, 0)
    row = read_one(bronze_flights, airports, sched_dep_time="2130", dep_time="2132", sched_arr_time="18")
    assert row["scheduled_arrival"] == utc(2013, 1, 2, 5, 18)


def test_the_duration_of_a_flight_is_right_across_the_start_of_summer_time(bronze_flights, airports):
    row = read_one(bronze_flights, airports, month="3", day="9", sched_dep_time="2300", sched_arr_time="400")
    assert row["scheduled_arrival"] - row["scheduled_departure"] == utc(2013, 1, 1, 4) - utc(2013, 1, 1)


def test_a_flight_without_departure_is_cancelled_and_without_arrival_diverted(bronze_flights, airports):
    nothing = {"arr_time": "NA", "arr_delay": "NA", "air_time": "NA"}
    assert read_one(bronze_flights, airports, **nothing)["status"] == "diverted"
    assert read_one(bronze_flights, airports, **nothing, dep_time="NA", dep_delay="NA")["status"] == "cancelled"


BAD = [
    ({"dep_delay": "two"}, "dep_delay_is_a_whole_number"),
    ({"month": "13"}, "key_is_complete"),
    ({"year": "1000000"}, "key_is_complete"),
    ({"flight": "NA"}, "key_is_complete"),
    ({"sched_dep_time": "575"}, "schedule_is_a_clock_time"),
    ({"sched_dep_time": "2530"}, "schedule_is_a_clock_time"),
    ({"dest": "XXX"}, "destination_is_known"),
    ({"origin": "???"}, "origin_is_known"),
    ({"carrier": "ZZ"}, "carrier_is_in_airlines"),
    ({"dep_delay": "3"}, "departure_agrees_with_its_delay"),
    ({"arr_delay": "34"}, "arrival_agrees_with_its_delay"),
    ({"air_time": "60"}, "ground_speed_is_possible"),
    ({"dep_time": "NA", "dep_delay": "NA"}, "what_arrived_had_left"),
    ({"_corrupt_record": "2013,1"}, "record_is_complete"),
]
DOUBTFUL = {"tailnum": "D942DN"}


@pytest.fixture(scope="module")
def judged(spark_session, airports):
    """Return how a good record, the doubtful one, and the bad ones are judged, in this order."""
    records = [record(), record(**DOUBTFUL), *(record(**changes) for changes, _ in BAD)]
    airlines = spark_session.createDataFrame([(record()["carrier"],)], "carrier string")
    return judge_records(spark_session, flights.ENTITY, records, [airports, airlines])


@pytest.mark.parametrize("number", range(len(BAD)), ids=lambda number: f"{BAD[number][1]}-{number}")
def test_a_bad_record_goes_to_quarantine_with_its_reason(judged, number):
    bad, (_, rule) = judged[number + 2], BAD[number]
    assert not bad.valid
    assert rule in bad.failed


def test_a_good_record_fails_no_rule(judged):
    assert (judged[0].valid, judged[0].failed) == (True, ())


def test_an_invalid_tail_number_is_a_warning_and_the_flight_stays_valid(judged):
    assert (judged[1].valid, judged[1].failed) == (True, ("tail_number_is_american",))
