"""Flights with their planes and with the weather that was known at the time of the prediction."""

from datetime import timedelta

from databricks_utils.context import Context
from databricks_utils.contracts import contracts_of
from databricks_utils.features import point_in_time_join
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from flights.settings import FlightsSettings

_PLANE = ("built_year", "engine_count", "seat_count")
# A row is stamped with the full hour, and describes this hour: its observation may be made at minute 51, and its precipitation
# is the hour's maximum. So it is known when the hour is over.
_HOUR = "1 HOUR"


def enrich(context: Context, flights: DataFrame, weather: DataFrame, planes: DataFrame) -> DataFrame:
    """Join each flight with its plane, and with the last weather observation before the prediction.

    Args:
        context: Its settings contain the lead time of the prediction and the maximum age of an observation.
        flights: Silver flights.
        weather: Silver weather; a row is known one hour after `observed_at`.
        planes: Silver planes.

    Returns:
        Grain and key of `flights`: their columns, `predicted_at` timestamp, the plane's columns, and the weather's columns
        with `observed_at` and `weather_known_at`; NULL if the plane is not registered or no observation is recent enough.
    """
    settings = context.config.extra_as(FlightsSettings)
    timed = flights.withColumn(
        "predicted_at", F.expr(f"timestampadd(MINUTE, -{settings.lead_minutes}, scheduled_departure)")
    )
    with_planes = timed.join(planes.select("tail_number", *_PLANE), "tail_number", "left")
    return point_in_time_join(
        with_planes,
        weather.withColumn("weather_known_at", F.expr(f"observed_at + INTERVAL {_HOUR}")),
        on=["origin"],
        event_time="predicted_at",
        feature_time="weather_known_at",
        max_age=timedelta(minutes=settings.weather_max_age_minutes),
    )


# A night at the end of a month has another date in UTC, so an observation belongs to the day before its own.
ENRICHED = contracts_of("flights").derived(
    "flights_enriched",
    enrich,
    needs=("flights", "weather", "planes"),
    layer="silver",
    by_month={"flights": "flight_date", "weather": "date_sub(observed_at, 1)"},
)
