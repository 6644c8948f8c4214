"""A rate counts what was known by then, and few rows are drawn to the prior."""

from datetime import datetime, timedelta

import pytest
from pyspark.sql import functions as F

from databricks_utils.features import latest_rate, point_in_time_join, rate_history

pytestmark = pytest.mark.integration
DAY = timedelta(days=1)
START = datetime(2013, 1, 1)  # noqa: DTZ001 - as Spark gives them


@pytest.fixture(scope="module")
def outcomes(spark):
    rows = [("a", START, 1), ("a", START, 0), ("a", START + DAY, 1), ("b", START + DAY, 0)]
    return spark.createDataFrame(rows, "carrier string, known_at timestamp, late int")


def found(rates, name):
    rows = rates.orderBy("carrier", f"{name}_known_at").collect()
    return [(row["carrier"], (row[f"{name}_known_at"] - START).days, row[name]) for row in rows]


def test_a_history_has_one_row_for_each_time_at_which_outcomes_become_known(outcomes):
    rates = rate_history(
        outcomes, by=["carrier"], outcome="late", known_at="known_at", name="rate", prior=0.5, prior_rows=2
    )
    expected = [("a", 0, (1 + 1) / (2 + 2)), ("a", 1, (2 + 1) / (3 + 2)), ("b", 1, (0 + 1) / (1 + 2))]
    assert found(rates, "rate") == [(*key, pytest.approx(rate)) for *key, rate in expected]


def test_the_latest_rate_is_that_of_one_moment(outcomes):
    rates = latest_rate(outcomes, by=["carrier"], outcome="late", known_at="known_at", name="rate")
    assert found(rates, "rate") == [("a", 0, 0.5), ("a", 1, 1.0), ("b", 1, 0.0)]


def test_counts_give_the_rates_of_the_outcomes_that_they_count(spark, outcomes):
    by, known = {"by": ["carrier"], "known_at": "known_at", "name": "rate"}, ("carrier", "known_at")
    counts = outcomes.groupBy(*known).agg(F.sum("late").alias("late"), F.count("*").alias("all"))
    for rate, prior in ((rate_history, {"prior": 0.5, "prior_rows": 2}), (latest_rate, {})):
        each = rate(outcomes, outcome="late", **by, **prior)
        assert found(rate(counts, outcome="late", rows="all", **by, **prior), "rate") == found(each, "rate")


def test_several_rates_of_the_same_counts_read_the_outcomes_once(spark, outcomes, catalog, capsys):
    table = catalog.table_name("features", "outcomes")
    outcomes.withColumn("origin", F.col("carrier")).write.saveAsTable(table)
    keys = ("carrier", "origin", "known_at")
    complete = spark.table(table).where(" AND ".join(f"{key} IS NOT NULL" for key in keys))
    counts = complete.groupBy(*keys).agg(F.sum("late").alias("late"), F.count("*").alias("all"))
    events = spark.createDataFrame(
        [("a", "a", START + 9 * DAY)], "carrier string, origin string, at timestamp"
    )
    joined = events
    for key in ("carrier", "origin"):
        rates = latest_rate(
            counts, by=[key], outcome="late", known_at="known_at", name=f"rate_{key}", rows="all"
        )
        known_at = f"rate_{key}_known_at"
        joined = point_in_time_join(joined, rates, on=[key], event_time="at", feature_time=known_at)
    joined.explain("formatted")
    assert "ReusedExchange" in capsys.readouterr().out
    assert joined.select("rate_carrier", "rate_origin").collect() == [(1.0, 1.0)]


def test_an_event_gets_the_rate_of_its_time_and_none_before_the_first_one(spark, outcomes):
    rates = latest_rate(outcomes, by=["carrier"], outcome="late", known_at="known_at", name="rate")
    times = [("a", START - DAY), ("a", START + DAY / 2), ("a", START + 9 * DAY)]
    events = spark.createDataFrame(times, "carrier string, at timestamp")
    joined = point_in_time_join(events, rates, on=["carrier"], event_time="at", feature_time="rate_known_at")
    assert [row["rate"] for row in joined.orderBy("at").collect()] == [None, 0.5, 1.0]
