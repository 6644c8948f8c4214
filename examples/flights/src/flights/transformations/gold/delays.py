"""Delays by carrier, route and day, for a dashboard."""

from databricks_utils.context import Context
from databricks_utils.contracts import contracts_of
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from flights.settings import FlightsSettings


def delays_by_carrier_route_day(flights: DataFrame, airlines: DataFrame, *, late_after_minutes: int) -> DataFrame:
    """Return the delays by carrier, route and day.

    Args:
        flights: Silver flights.
        airlines: Silver airlines.
        late_after_minutes: A completed flight is late if its arrival delay is larger, in minutes.

    Returns:
        Grain and key: `carrier, origin, destination, flight_date`. `airline` string; `flights`, `cancelled`, `diverted`,
        `completed`, `late` bigint; `late_share` double, among completed flights; `mean_arrival_delay_minutes` double.
    """
    late = F.col("arrival_delay_minutes") > late_after_minutes
    return (
        flights.groupBy("carrier", "origin", "destination", "flight_date")
        .agg(
            F.count("*").alias("flights"),
            *(F.count_if(F.col("status") == status).alias(status) for status in ("cancelled", "diverted", "completed")),
            F.count_if(late).alias("late"),
            F.avg("arrival_delay_minutes").alias("mean_arrival_delay_minutes"),
        )
        .withColumn("late_share", F.expr("late / nullif(completed, 0)"))
        .join(F.broadcast(airlines.select("carrier", "airline")), "carrier", "left")
        .select(
            "carrier",
            "airline",
            "origin",
            "destination",
            "flight_date",
            "flights",
            "cancelled",
            "diverted",
            "completed",
            "late",
            "late_share",
            "mean_arrival_delay_minutes",
        )
    )


def build(context: Context, flights: DataFrame, airlines: DataFrame) -> DataFrame:
    """Return the delays with the project's limit for late flights."""
    late = context.config.extra_as(FlightsSettings).late_after_minutes
    return delays_by_carrier_route_day(flights, airlines, late_after_minutes=late)


DELAYS = contracts_of("flights").derived(
    "delays_by_carrier_route_day", build, needs=("flights", "airlines"), by_month={"flights": "flight_date"}
)
