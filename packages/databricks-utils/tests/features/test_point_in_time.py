"""An event meets the newest value that was known by then: the same as `pandas.merge_asof`."""

from datetime import datetime, timedelta

import numpy as np
import pandas as pd
import pytest

from databricks_utils.features import JoinColumnError, point_in_time_join

pytestmark = [pytest.mark.integration, pytest.mark.drawn(2)]
START = datetime(2013, 1, 1)  # noqa: DTZ001 - as pandas gives them


def sides(spark, seed=7, events=400, facts=120):
    generator = np.random.default_rng(seed)

    def moments(count):
        return [START + timedelta(minutes=int(minute)) for minute in generator.integers(0, 3000, count)]

    left = pd.DataFrame(
        {"key": generator.choice(list("abcd"), events), "at": moments(events), "id": range(events)}
    )
    right = pd.DataFrame(
        {"key": generator.choice(list("abc"), facts), "seen": moments(facts), "value": range(facts)}
    )
    right = right.drop_duplicates(["key", "seen"])
    frames = (spark.createDataFrame(left), spark.createDataFrame(right))
    return left.sort_values("at"), right.sort_values("seen"), frames


@pytest.mark.parametrize("minutes", [None, 90])
def test_it_equals_merge_asof(spark, minutes):
    left, right, (events, features) = sides(spark)
    age = timedelta(minutes=minutes) if minutes else None
    joined = point_in_time_join(
        events, features, on=["key"], event_time="at", feature_time="seen", max_age=age
    )
    expected = pd.merge_asof(left, right, left_on="at", right_on="seen", by="key", tolerance=age)
    found = joined.select("id", "value").toPandas().set_index("id")["value"].sort_index()
    wanted = expected.set_index("id")["value"].sort_index()
    assert found.isna().sum() > 0
    pd.testing.assert_series_equal(found, wanted, check_dtype=False)


def join(spark, events, features):
    left = spark.createDataFrame(events, "key string, at timestamp")
    right = spark.createDataFrame(features, "key string, seen timestamp, value int")
    joined = point_in_time_join(left, right, on=["key"], event_time="at", feature_time="seen")
    return [row["value"] for row in joined.orderBy("at").collect()]


def test_a_value_is_used_from_its_own_moment_on_and_never_before(spark):
    moment = START + timedelta(hours=12)
    earlier = moment - timedelta(microseconds=1)
    assert join(spark, [("a", earlier), ("a", moment)], [("a", moment, 1)]) == [None, 1]


def test_a_missing_key_meets_nothing_and_a_newer_null_hides_an_older_value(spark):
    later = START + timedelta(hours=1)
    facts = [(None, START, 9), ("a", START, 1), ("a", later, None)]
    assert join(spark, [(None, later)], facts) == [None]
    assert join(spark, [("a", later)], facts) == [None]


def test_equal_times_give_the_same_value_whatever_the_order_of_rows(spark):
    facts = [("a", START, 1), ("a", START, 3), ("a", START, 2)]
    assert join(spark, [("a", START)], facts) == join(spark, [("a", START)], facts[::-1]) == [3]


def test_a_missing_or_ambiguous_column_is_refused_by_name(spark):
    events = spark.createDataFrame([], "key string, at timestamp, value int")
    features = spark.createDataFrame([], "key string, seen timestamp, value int")
    with pytest.raises(JoinColumnError, match="both sides have `value`"):
        point_in_time_join(events, features, on=["key"], event_time="at", feature_time="seen")
    with pytest.raises(JoinColumnError, match="`features` has no column `nope`"):
        point_in_time_join(events, features, on=["key"], event_time="at", feature_time="nope")
