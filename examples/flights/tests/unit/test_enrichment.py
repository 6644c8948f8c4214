"""A flight gets its plane, and the newest weather that was known an hour before its departure."""

from datetime import UTC, date, datetime, timedelta

import pytest
from databricks_utils.testing import assert_earlier_months_stand
from pyspark.sql import functions as F

from flights.transformations.silver import weather as silver_weather
from flights.transformations.silver.enrichment import ENRICHED, enrich

pytestmark = pytest.mark.unit
NOON = datetime(2013, 1, 1, 12, tzinfo=UTC)
MEASURES = tuple(name for name in silver_weather.ENTITY.columns if name not in silver_weather.ENTITY.keys)


def at(hours):
    return int((NOON + timedelta(hours=hours)).timestamp())


@pytest.fixture
def tables(spark):
    """Return a function: hours of departures and of observations → the tables that are joined; a flight's date is New York's."""

    def make(departures, observations, *, plane="N1"):
        flights = spark.createDataFrame(
            [(number, "LGA", plane, at(hour)) for number, hour in enumerate(departures)],
            "flight_number int, origin string, tail_number string, departs bigint",
        ).withColumn("scheduled_departure", F.timestamp_seconds("departs"))
        local = F.from_utc_timestamp("scheduled_departure", "America/New_York")
        values = ", ".join(f"{name} double" for name in MEASURES)
        weather = spark.createDataFrame(
            [(origin, at(hour), *(float(wind) for _ in MEASURES)) for origin, hour, wind in observations],
            f"origin string, hour bigint, {values}",
        ).withColumn("observed_at", F.timestamp_seconds("hour"))
        planes = spark.createDataFrame(
            [("N1", 1990, 2, 172), ("N2", 2000, 1, 4)],
            "tail_number string, built_year int, engine_count int, seat_count int",
        )
        return {
            "flights": flights.withColumn("flight_date", F.to_date(local)),
            "weather": weather.drop("hour"),
            "planes": planes,
        }

    return make


@pytest.fixture
def enriched(tables, context):
    """Return a function: hours of departures and of observations → the rows by flight number, wind speed for weather."""

    def make(departures, observations, *, plane="N1"):
        rows = enrich(context, *tables(departures, observations, plane=plane).values())
        lead = F.unix_seconds("scheduled_departure") - F.unix_seconds("predicted_at")
        shown = rows.withColumn("minutes", lead / 60)
        return {row["flight_number"]: row for row in shown.collect()}

    return make


def test_the_prediction_is_made_an_hour_before_departure_with_the_plane(enriched):
    rows = enriched([0], [])
    assert rows[0]["minutes"] == 60
    assert (rows[0]["built_year"], rows[0]["engine_count"], rows[0]["seat_count"]) == (1990, 2, 172)


def test_an_observation_is_known_when_its_hour_is_over(enriched):
    rows = enriched([5], [("LGA", 2, 20), ("LGA", 3, 30), ("LGA", 4, 40), ("LGA", 5, 50)])
    assert rows[0]["wind_speed_mph"] == 30.0


def test_an_observation_of_another_airport_or_of_yesterday_is_not_used(enriched):
    rows = enriched([5], [("JFK", 3, 30), ("LGA", -20, 10)])
    assert rows[0]["wind_speed_mph"] is None
    # Known for three hours at the time of the prediction: just recent enough. Older ones are not.
    assert enriched([5], [("LGA", 0, 30)])[0]["wind_speed_mph"] == 30.0
    assert enriched([5], [("LGA", -1, 30)])[0]["wind_speed_mph"] is None


def test_a_flight_without_a_registered_plane_stays(enriched):
    rows = enriched([0, 1], [], plane="N999")
    assert [rows[number]["seat_count"] for number in (0, 1)] == [None, None]


def test_the_flights_of_a_month_need_nothing_of_later_months(tables, context):
    # 31 January in New York, but 1 February in UTC, as its newest weather is; then a flight of 2 February.
    night, later = 31 * 24 - 12 + 4, 32 * 24
    rows = tables([0, night, later], [("LGA", hour, hour) for hour in (-3, night - 2, later - 2)])
    assert_earlier_months_stand(context, ENRICHED, rows, date(2013, 2, 1))
