"""The exam of a table that is made by month passes a sound declaration, and refuses each kind of wrong one."""

from datetime import date

import pytest
from pyspark.sql import Window
from pyspark.sql import functions as F

from databricks_utils.medallion import Derived
from databricks_utils.testing import assert_earlier_months_stand

pytestmark = [pytest.mark.integration, pytest.mark.drawn(2)]
FEBRUARY = date(2024, 2, 1)


def priced(context, orders, prices):
    """Orders with the newest price that was known when they were made, in UTC; their day is that of New York."""
    latest = Window.partitionBy("number").orderBy(F.desc("known_at"))
    return (
        orders.join(prices, F.col("known_at") <= F.col("ordered_at"), "left")
        .withColumn("place", F.row_number().over(latest))
        .where("place = 1")
        .select("number", "ordered_on", "eur")
    )


def numbered(context, orders, prices):
    """Orders with their place among all orders, which depends on the orders before the month."""
    return orders.select(
        "number",
        "ordered_on",
        F.row_number().over(Window.partitionBy(F.lit(1)).orderBy("ordered_at")).alias("place"),
    )


@pytest.fixture(scope="module")
def tables(spark_session):
    orders = spark_session.sql(
        "SELECT * FROM VALUES (1, DATE'2024-01-20', TIMESTAMP'2024-01-20 12:00:00'), "
        "(2, DATE'2024-01-31', TIMESTAMP'2024-02-01 03:30:00'), (3, DATE'2024-02-01', TIMESTAMP'2024-02-01 12:00:00') "
        "AS t(number, ordered_on, ordered_at)"
    )
    prices = spark_session.sql(
        "SELECT * FROM VALUES (TIMESTAMP'2024-01-10 00:00:00', 1.0), (TIMESTAMP'2024-02-01 03:00:00', 2.0), "
        "(TIMESTAMP'2024-02-02 10:00:00', 3.0) AS t(known_at, eur)"
    )
    return {"orders": orders, "prices": prices}


def derived(build=priced, prices="known_at - INTERVAL 1 DAY"):
    by_month = {"orders": "ordered_on", "prices": prices}
    return Derived("priced", build, needs=("orders", "prices"), by_month=by_month)


def test_a_price_that_is_given_to_the_first_day_that_it_can_matter_to_passes(context, tables):
    assert_earlier_months_stand(context, derived(), tables, FEBRUARY)


@pytest.mark.parametrize(
    ("declared", "message"),
    [
        (derived(prices="known_at"), "without the rows of 2024-02 an earlier row differs"),
        (derived(numbered), "made from the rows of `orders` from 2024-02 on alone, a row differs"),
    ],
    ids=["a night that is another day in UTC", "a place among all rows"],
)
def test_a_wrong_declaration_is_refused_with_a_row(context, tables, declared, message):
    with pytest.raises(AssertionError, match=message) as refused:
        assert_earlier_months_stand(context, declared, tables, FEBRUARY)
    assert "'number': " in str(refused.value)


@pytest.mark.parametrize(
    ("month", "kept", "message"),
    [
        (date(2024, 1, 1), {}, "no row is before 2024-01-01"),
        (date(2024, 3, 1), {}, "no row is from 2024-03-01"),
        (
            FEBRUARY,
            {"prices": "known_at < '2024-02-01'"},
            "no row of `prices` belongs to 2024-02-01 or later",
        ),
    ],
)
def test_rows_that_show_nothing_are_refused(context, tables, month, kept, message):
    few = {name: rows.where(kept.get(name, "true")) for name, rows in tables.items()}
    with pytest.raises(AssertionError, match=message):
        assert_earlier_months_stand(context, derived(), few, month)
