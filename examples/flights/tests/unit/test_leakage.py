"""The model gets no column that is known only after departure, and no feature depends on what happens later."""

from datetime import UTC, datetime, timedelta

import pytest
from databricks_utils.features import LeakageError
from databricks_utils.testing import Known, assert_blind_to_the_future
from pyspark.errors import AnalysisException
from pyspark.sql import functions as F
from rows import record

from flights.features.build import build_features
from flights.features.feature_set import BEFORE_DEPARTURE, CATEGORIES, KEYS, LABEL, NUMBERS, RETIRED
from flights.settings import FlightsSettings
from flights.training.late_arrival import COLUMNS
from flights.transformations.silver import flights as silver_flights
from flights.transformations.silver import weather as silver_weather
from flights.transformations.silver.enrichment import enrich

pytestmark = pytest.mark.unit
AFTERWARDS = sorted(BEFORE_DEPARTURE.known_later)


@pytest.mark.parametrize("name", [*AFTERWARDS, LABEL, "something_new"])
def test_a_column_that_is_known_only_later_is_refused_as_a_feature(name):
    with pytest.raises(LeakageError, match=f"`{name}` must not be used"):
        BEFORE_DEPARTURE.check([*CATEGORIES, *NUMBERS, name])


def test_the_model_gets_exactly_the_features_of_the_allow_list():
    assert set(COLUMNS.types) == set(BEFORE_DEPARTURE.features) - set(RETIRED)
    assert not set(COLUMNS.types) & {*AFTERWARDS, LABEL}


def test_features_are_computed_from_a_frame_without_the_outcome(spark):
    columns = dict.fromkeys([*BEFORE_DEPARTURE.known, *AFTERWARDS, LABEL])
    frame = spark.createDataFrame([], ", ".join(f"{name} string" for name in columns))
    known = BEFORE_DEPARTURE.project(frame, keys=KEYS)
    assert not set(known.columns) & {*AFTERWARDS, LABEL}
    with pytest.raises(AnalysisException, match="dep_delay"):
        known.selectExpr("dep_delay + 1").collect()


NEW_YEAR = datetime(2013, 1, 1, tzinfo=UTC)
DAYS = range(1, 4)
MEASURES = tuple(name for name in silver_weather.ENTITY.columns if name not in silver_weather.ENTITY.keys)
OUTCOME = ("departure", "departure_delay_minutes", "arrival", "arrival_delay_minutes", "air_time_minutes", "status")


@pytest.fixture
def flights(bronze_flights, airports):
    """Return silver flights of three days, from early morning to late evening; every third is late, every tenth cancelled."""
    records = []
    for number, (day, hour) in enumerate((day, hour) for day in DAYS for hour in range(6, 23, 2)):
        delay = {"arr_delay": "40" if number % 3 == 0 else "-5", "dep_delay": "3"}
        cancelled = {"dep_time": "NA", "dep_delay": "NA", "arr_time": "NA", "arr_delay": "NA", "air_time": "NA"}
        records.append(
            record(
                day=str(day),
                flight=str(100 + number),
                carrier=("AA", "DL")[number % 2],
                dest=("MIA", "ORD")[number % 2],
                sched_dep_time=f"{hour}30",
                sched_arr_time=f"{(hour + 2) % 24}15",
                **(cancelled if number % 10 == 9 else delay),
            )
        )
    return silver_flights.typed(bronze_flights(*records), airports).select(*silver_flights.ENTITY.columns)


@pytest.fixture
def weather(spark):
    """Return one observation for each hour of these days, all different."""
    names = MEASURES
    hours = range(len(DAYS) * 24 + 12)
    rows = [
        (
            "LGA",
            int((NEW_YEAR + timedelta(hours=hour)).timestamp()),
            *(float(hour + place) for place in range(len(names))),
        )
        for hour in hours
    ]
    columns = ", ".join(f"{name} double" for name in names)
    observed = F.timestamp_seconds("at").alias("observed_at")
    return spark.createDataFrame(rows, f"origin string, at bigint, {columns}").select("origin", observed, *names)


def test_no_feature_depends_on_what_is_known_only_after_the_prediction(spark, context, flights, weather):
    planes = spark.createDataFrame(
        [("N619AA", 1990, 2, 172)], "tail_number string, built_year int, engine_count int, seat_count int"
    )
    settings = context.config.extra_as(FlightsSettings)

    def build(flights, weather):
        return build_features(enrich(context, flights, weather, planes), settings)

    assert_blind_to_the_future(
        build,
        {
            "flights": Known(flights, at="coalesce(arrival, scheduled_departure)", values=OUTCOME),
            "weather": Known(weather, at="observed_at + INTERVAL 1 HOUR", values=MEASURES),
        },
        keys=KEYS,
        event_time="predicted_at",
        # The second afternoon, a quarter of an hour after a prediction: the hour of the newest observation is not over, the
        # flight before has not arrived, and the outcomes of the first day are known.
        moments=[NEW_YEAR + timedelta(hours=42.75)],
        ignore=[LABEL],
    )
