"""The feature table: one row for each scheduled flight, with only the values that were known before departure."""

from datetime import date

from databricks_utils.features import latest_rate, point_in_time_join, rate_history
from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from flights.features.feature_set import BEFORE_DEPARTURE, KEYS, LABEL
from flights.features.history import counted, departure_hour, outcomes
from flights.settings import FlightsSettings

_RATES = {
    "late_rate_carrier": ("carrier",),
    "late_rate_route": ("origin", "destination"),
    "late_rate_hour": ("departure_hour",),
}


def window_of() -> Column:
    """Return the window of a flight: the first day of its month."""
    return F.trunc("flight_date", "month")


def build_features(enriched: DataFrame, settings: FlightsSettings, *, since: date | None = None) -> DataFrame:
    """Return features and label.

    Features are computed from a frame that has only the columns of the allow-list. Outcomes of earlier flights are used as
    rates, as they were known at the time of the prediction.

    Args:
        enriched: Silver flights with plane and weather.
        settings: Thresholds and weights.
        since: Only the features of flights from this month on; None: of all flights. They are the same, because they depend on
            outcomes of the same and of earlier months only.

    Returns:
        Grain and key: `flight_date, carrier, flight_number, origin`. The features of `BEFORE_DEPARTURE`, `predicted_at`,
        `month` (date, its first day), and `late` (int; NULL for a flight that was cancelled or diverted).
    """
    wanted = enriched if since is None else enriched.where(F.col("flight_date") >= F.lit(since))
    scheduled = _from_schedule(BEFORE_DEPARTURE.project(wanted, keys=KEYS))
    known = counted(outcomes(enriched, late_after_minutes=settings.late_after_minutes))
    with_history = _with_history(scheduled, known, settings)
    labels = wanted.select(*KEYS, _label(settings).alias(LABEL))
    features = BEFORE_DEPARTURE.check(BEFORE_DEPARTURE.features)
    columns = dict.fromkeys((*KEYS, "predicted_at", "month", *features))
    return with_history.select(*columns).join(labels, list(KEYS))


def _label(settings: FlightsSettings) -> Column:
    late = F.col("arrival_delay_minutes") > settings.late_after_minutes
    return F.when(F.col("status") == "completed", late.cast("int"))


def _from_schedule(known: DataFrame) -> DataFrame:
    same_hour = Window.partitionBy("origin", "flight_date", "departure_hour")
    return (
        known.withColumn("departure_hour", departure_hour())
        .withColumn("day_of_week", F.weekday("flight_date"))
        .withColumn("month", window_of())
        .withColumn("scheduled_minutes", F.expr("timestampdiff(MINUTE, scheduled_departure, scheduled_arrival)"))
        .withColumn("departures_that_hour", F.count("*").over(same_hour))
        .withColumn("plane_age_years", F.year("flight_date") - F.col("built_year"))
    )


def _with_history(scheduled: DataFrame, known: DataFrame, settings: FlightsSettings) -> DataFrame:
    outcome, prior = {"outcome": "late", "rows": "flights", "known_at": "known_at"}, settings.prior_late_rate
    rates = {
        name: (by, rate_history(known, by=by, name=name, prior=prior, prior_rows=settings.prior_flights, **outcome))
        for name, by in _RATES.items()
    }
    rates["late_rate_yesterday"] = (
        ("origin",),
        latest_rate(known, by=("origin",), name="late_rate_yesterday", **outcome),
    )
    joined = scheduled
    for name, (by, history) in rates.items():
        found = point_in_time_join(joined, history, on=by, event_time="predicted_at", feature_time=f"{name}_known_at")
        joined = found.fillna({name: prior})
    return joined
