"""A feature that depends on the future is found, and one that does not is left alone."""

from datetime import UTC, datetime, timedelta

import pytest

from databricks_utils.features import point_in_time_join
from databricks_utils.testing import Known, assert_blind_to_the_future

pytestmark = [pytest.mark.integration, pytest.mark.drawn(3)]
NOON = datetime(2024, 3, 1, 12, tzinfo=UTC)
HOURS = 6


def seconds(hours):
    return int((NOON + timedelta(hours=hours)).timestamp())


@pytest.fixture(scope="module")
def trips(spark_session):
    from pyspark.sql import functions as F

    """Six trips, one an hour; each takes 90 minutes."""
    rows = [(number, seconds(number), 10.0 + number, "done") for number in range(HOURS)]
    frame = spark_session.createDataFrame(rows, "trip int, start bigint, minutes double, status string")
    return frame.withColumn("at", F.timestamp_seconds("start")).drop("start").cache()


@pytest.fixture(scope="module")
def weather(spark_session):
    from pyspark.sql import functions as F

    """What was measured in each hour; known when the hour is over."""
    rows = [(seconds(hour), hour % 2 == 0, hour) for hour in range(-1, HOURS)]
    frame = spark_session.createDataFrame(rows, "start bigint, rain boolean, wind int")
    return frame.withColumn("hour", F.timestamp_seconds("start")).drop("start").cache()


def build(trips, weather, *, delay=1, late=False):
    from pyspark.sql import functions as F

    """Join each trip with the weather that was known; a delay of 0 takes the hour that is not over yet."""
    known = weather.withColumn("known_at", F.expr(f"hour + INTERVAL {delay} HOURS")).drop("hour")
    keyed = trips.withColumn("place", F.lit(1))
    joined = point_in_time_join(
        keyed, known.withColumn("place", F.lit(1)), on=["place"], event_time="at", feature_time="known_at"
    )
    mean = F.mean("minutes").over if late else None
    if mean is None:
        return joined.select("trip", "at", "rain", "wind", (F.col("minutes") > 12).alias("label"))
    from pyspark.sql import Window

    return joined.select("trip", "at", mean(Window.partitionBy("place")).alias("mean_minutes"))


def inputs(trips, weather):
    return {
        "trips": Known(trips, at="at + INTERVAL 90 MINUTES", values=("minutes", "status")),
        "weather": Known(weather, at="hour + INTERVAL 1 HOUR", values=("rain", "wind")),
    }


def check(function, trips, weather, **changes):
    given = {"moments": [NOON + timedelta(hours=3)], "ignore": ["label"], **changes}
    assert_blind_to_the_future(function, inputs(trips, weather), keys=["trip"], event_time="at", **given)


def test_features_of_what_was_known_pass(trips, weather):
    check(build, trips, weather)


def test_an_observation_of_an_hour_that_is_not_over_is_found(trips, weather):
    with pytest.raises(AssertionError, match=r"`(rain|wind)` of the earlier event \(3,\) changed"):
        check(lambda **frames: build(**frames, delay=0), trips, weather)


def test_a_mean_over_all_trips_is_found(trips, weather):
    with pytest.raises(AssertionError, match=r"`mean_minutes` of the earlier event .* changed: 12.5 → "):
        check(lambda **frames: build(**frames, late=True), trips, weather)


def test_a_label_that_is_not_ignored_is_found(trips, weather):
    with pytest.raises(AssertionError, match="`label` of the earlier event"):
        check(build, trips, weather, ignore=[])


def test_an_event_that_disappears_is_found(trips, weather):
    with pytest.raises(AssertionError, match=r"event \(\d,\) is gone"):
        check(lambda **frames: build(**frames).where("label IS NOT NULL"), trips, weather, ignore=["label"])


@pytest.mark.parametrize(
    ("hours", "problem"), [(-2, "no event is before"), (99, "no value becomes known after")]
)
def test_a_moment_that_cannot_show_a_difference_is_refused(trips, weather, hours, problem):
    with pytest.raises(AssertionError, match=problem):
        check(build, trips, weather, moments=[NOON + timedelta(hours=hours)])


def test_a_moment_without_a_time_zone_is_refused(trips, weather):
    with pytest.raises(ValueError, match="has no time zone"):
        check(build, trips, weather, moments=[datetime(2024, 3, 1)])  # noqa: DTZ001 - the subject
