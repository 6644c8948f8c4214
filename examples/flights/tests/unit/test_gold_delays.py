"""The aggregated delays by carrier, route and day."""

from datetime import date

import pytest
from chispa import assert_df_equality
from databricks_utils.testing import assert_earlier_months_stand
from pyspark.sql import functions as F

from flights.transformations.gold.delays import DELAYS, delays_by_carrier_route_day

pytestmark = pytest.mark.unit

FLIGHTS = (
    "carrier string, origin string, destination string, flight_date string, status string, arrival_delay_minutes int"
)


def tables(spark, rows):
    flights = spark.createDataFrame(rows, FLIGHTS).withColumn("flight_date", F.to_date("flight_date"))
    airlines = spark.createDataFrame([("AA", "American")], "carrier string, airline string")
    return {"flights": flights, "airlines": airlines}


def aggregated(spark, rows):
    return delays_by_carrier_route_day(**tables(spark, rows), late_after_minutes=15)


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


def test_the_delays_of_a_month_need_nothing_of_later_months(spark, context):
    days = ("2013-01-31", "2013-02-01")
    rows = tables(spark, [("AA", "LGA", "MIA", day, "completed", 16) for day in days])
    assert_earlier_months_stand(context, DELAYS, rows, date(2013, 2, 1))
