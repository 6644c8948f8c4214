"""The aggregated delays by carrier, route and day."""

import pytest
from chispa import assert_df_equality
from pyspark.sql import functions as F

from flights.transformations.gold.delays import delays_by_carrier_route_day

pytestmark = pytest.mark.unit

FLIGHTS = (
    "carrier string, origin string, destination string, flight_date string, status string, arrival_delay_minutes int"
)


def aggregated(spark, rows):
    flights = spark.createDataFrame(rows, FLIGHTS).withColumn("flight_date", F.to_date("flight_date"))
    airlines = spark.createDataFrame([("AA", "American")], "carrier string, airline string")
    return delays_by_carrier_route_day(flights, airlines, late_after_minutes=15)


def expected(spark, rows):
    columns = (
        "carrier string, airline string, origin string, destination string, flight_date string, flights bigint, "
        "cancelled bigint, diverted bigint, completed bigint, late bigint, late_share double, "
        "mean_arrival_delay_minutes double"
    )
    return spark.createDataFrame(rows, columns).withColumn("flight_date", F.to_date("flight_date"))


def test_only_completed_flights_above_the_limit_count_as_late(spark):
    day = ("AA", "LGA", "MIA", "2013-01-01")
    found = aggregated(
        spark,
        [
            (*day, "completed", 16),
            (*day, "completed", 15),
            (*day, "completed", -1),
            (*day, "cancelled", None),
            (*day, "diverted", None),
        ],
    )
    wanted = expected(spark, [("AA", "American", "LGA", "MIA", "2013-01-01", 5, 1, 1, 3, 1, 1 / 3, 10.0)])
    assert_df_equality(found, wanted, ignore_nullable=True)


def test_without_arrivals_the_late_share_is_null_and_an_unknown_carrier_has_no_name(spark):
    found = aggregated(spark, [("ZZ", "LGA", "MIA", "2013-01-01", "cancelled", None)])
    wanted = expected(spark, [("ZZ", None, "LGA", "MIA", "2013-01-01", 1, 1, 0, 0, 0, None, None)])
    assert_df_equality(found, wanted, ignore_nullable=True)
