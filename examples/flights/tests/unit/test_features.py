"""The features of some flights, computed by hand."""

from datetime import UTC, date, datetime, timedelta

import pytest
from databricks_utils.context import open_context
from pyspark.sql import functions as F

from flights.features.build import build_features
from flights.features.feature_set import BEFORE_DEPARTURE, KEYS, LABEL, WEATHER
from flights.features.job import features_step
from flights.settings import FlightsSettings
from flights.transformations.silver import flights as silver_flights

pytestmark = pytest.mark.unit
COLUMNS = (
    "flight_date date, carrier string, flight_number int, origin string, destination string, tail_number string, status string, "
    "departs bigint, arrives bigint, delay int, scheduled_departure_minute int, distance_miles double, "
    "built_year int, engine_count int, seat_count int"
)
PRIOR, WEIGHT = 0.2, 50


def flight(number, day, hour, delay, *, carrier="AA", destination="MIA", status="completed"):
    """Return a flight of three hours that departs at a full hour in New York, five hours behind UTC."""
    departs = datetime(2013, 1, day, hour, tzinfo=UTC) + timedelta(hours=5)
    seconds = [int(moment.timestamp()) for moment in (departs, departs + timedelta(hours=3))]
    when = (*seconds, delay, hour * 60)
    return (date(2013, 1, day), carrier, number, "LGA", destination, "N1", status, *when, 1000.0, 1990, 2, 172)


@pytest.fixture(scope="module")
def enriched(spark_session):
    """Return some flights of January."""
    flights = [
        flight(1, 1, 8, 16),
        flight(2, 1, 8, 15, destination="ORD"),
        flight(3, 1, 9, None, carrier="DL", status="cancelled"),
        flight(4, 1, 22, 60),  # lands on the second
        flight(5, 2, 8, -5),
        flight(6, 3, 8, 0),
        flight(7, 3, 9, 0, carrier="DL", destination="ORD"),
        flight(8, 2, 0, 0, carrier="UA", destination="BOS"),  # predicted an hour before midnight
    ]
    return (
        spark_session.createDataFrame(flights, COLUMNS)
        .withColumn("scheduled_departure", F.timestamp_seconds("departs"))
        .withColumn("scheduled_arrival", F.timestamp_seconds("arrives"))
        .withColumn("predicted_at", F.timestamp_seconds(F.col("departs") - 3600))
        .withColumn("arrival", F.timestamp_seconds(F.col("arrives") + F.col("delay") * 60))
        .withColumnRenamed("delay", "arrival_delay_minutes")
        .withColumns({name: F.lit(float(place)) for place, name in enumerate(WEATHER)})
        .drop("departs", "arrives")
    )


@pytest.fixture(scope="module")
def settings(lakehouse_project):
    return open_context("local", lakehouse_project / "config").config.extra_as(FlightsSettings)


@pytest.fixture(scope="module")
def features(enriched, settings):
    """Return the features of all flights by flight number."""
    return {row["flight_number"]: row for row in build_features(enriched, settings).collect()}


def rate(late, flights):
    return pytest.approx((late + PRIOR * WEIGHT) / (flights + WEIGHT))


def test_there_is_one_row_for_each_flight_with_every_feature(features):
    assert sorted(features) == [1, 2, 3, 4, 5, 6, 7, 8]
    assert silver_flights.ENTITY.keys == KEYS
    assert set(features[1].asDict()) == {*KEYS, "predicted_at", "month", *BEFORE_DEPARTURE.features, LABEL}


def test_a_flight_is_late_after_more_than_15_minutes_and_without_an_arrival_it_has_no_label(features):
    assert {number: row[LABEL] for number, row in features.items()} == {
        1: 1, 2: 0, 3: None, 4: 1, 5: 0, 6: 0, 7: 0, 8: 0,
    }  # fmt: skip


def test_the_schedule_is_read_in_local_time(features):
    row = features[1]
    assert (row["departure_hour"], row["day_of_week"], row["scheduled_minutes"]) == (8, 1, 180)  # a Tuesday
    assert (row["month"], row["plane_age_years"]) == (date(2013, 1, 1), 23)
    assert [row[name] for name in WEATHER] == [float(place) for place in range(len(WEATHER))]


def test_departures_are_counted_within_the_hour_of_a_day(features):
    assert {number: row["departures_that_hour"] for number, row in features.items()} == {
        1: 2, 2: 2, 3: 1, 4: 1, 5: 1, 6: 1, 7: 1, 8: 1,
    }  # fmt: skip


def test_before_the_first_midnight_nothing_is_known_of_earlier_flights(features):
    for number in (1, 2, 3, 4, 8):
        row = features[number]
        assert {row[name] for name in row.asDict() if name.startswith("late_rate")} == {PRIOR}


def test_a_rate_counts_the_flights_that_had_landed_before_midnight(features):
    # Of AA on the first day: flight 1 late, flight 2 not; flight 4 lands after midnight, so it counts from the third day on.
    assert features[5]["late_rate_carrier"] == rate(1, 2)
    assert features[6]["late_rate_carrier"] == rate(2, 4)
    assert features[7]["late_rate_carrier"] == rate(0, 0)


def test_each_rate_is_of_its_own_group(features):
    assert features[6]["late_rate_route"] == rate(2, 3)  # to MIA: flights 1, 4 and 5
    assert features[7]["late_rate_route"] == rate(0, 1)  # to ORD: flight 2
    assert features[6]["late_rate_hour"] == rate(1, 3)  # at 8: flights 1, 2 and 5
    assert features[7]["late_rate_hour"] == rate(0, 0)  # at 9: none but a cancelled flight


def test_the_features_from_a_month_on_are_those_that_all_flights_give(enriched, settings):
    # The same flights a month later too, so that their rates count outcomes of January.
    moments = ("scheduled_departure", "scheduled_arrival", "predicted_at", "arrival")
    later = enriched.withColumns(
        {
            "flight_date": F.date_add("flight_date", 31),
            **{name: F.expr(f"{name} + INTERVAL 31 DAYS") for name in moments},
        }
    )
    both = enriched.unionByName(later)
    everything = {tuple(row) for row in build_features(both, settings).collect()}
    february = {tuple(row) for row in build_features(both, settings, since=date(2013, 2, 1)).collect()}
    assert len(everything) == 2 * len(february) == 16
    assert february < everything


def test_yesterdays_rate_has_only_the_outcomes_of_yesterday(features):
    assert features[5]["late_rate_yesterday"] == pytest.approx(1 / 2)
    assert features[6]["late_rate_yesterday"] == pytest.approx(1 / 3)  # flights 4, 5 and 8


def test_the_features_are_built_again_if_the_flights_have_changed(spark, context):
    enriched = context.table("silver", "flights_enriched")
    spark.sql(f"CREATE TABLE {enriched} (flight_number INT)")
    before = features_step(spark, context).inputs()
    assert features_step(spark, context).inputs() == before
    spark.sql(f"INSERT INTO {enriched} VALUES (1)").collect()
    assert features_step(spark, context).inputs() != before
