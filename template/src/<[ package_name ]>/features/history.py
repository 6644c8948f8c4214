"""How often flights were late until the day before: rates that were known when a prediction is made."""

from collections.abc import Sequence

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

ZONE = "America/New_York"


def outcomes(flights: DataFrame, *, late_after_minutes: int) -> DataFrame:
    """Return what became known of completed flights, and when.

    An outcome counts from the midnight in New York after the arrival on, never from the flight's own day: a flight that lands
    after midnight is known a day later.

    Args:
        flights: Silver flights.
        late_after_minutes: When a flight is late.

    Returns:
        Grain: one completed flight; `carrier`, `origin`, `destination` strings, `departure_hour` int, `late` int (0 or 1),
        `known_at` timestamp.
    """
    minutes = "timestampdiff(MINUTE, scheduled_departure, arrival) + scheduled_departure_minute"
    day = F.expr(f"date_add(flight_date, CAST(floor(({minutes}) / 1440) AS INT) + 1)")
    midnight = F.expr(f"make_timestamp(year(_day), month(_day), day(_day), 0, 0, 0, '{ZONE}')")
    return (
        flights.where("status = 'completed'")
        .withColumn("_day", day)
        .select(
            "carrier",
            "origin",
            "destination",
            departure_hour().alias("departure_hour"),
            (F.col("arrival_delay_minutes") > late_after_minutes).cast("int").alias("late"),
            # The clock's change can put an arrival an hour after the computed midnight; then the arrival counts.
            F.greatest(midnight, F.col("arrival")).alias("known_at"),
        )
    )


def departure_hour() -> Column:
    """Return the local hour of the scheduled departure, 0 to 23."""
    return F.expr("CAST((scheduled_departure_minute % 1440) DIV 60 AS INT)")


def rate_history(known: DataFrame, *, by: Sequence[str], name: str, prior: float, prior_flights: int) -> DataFrame:
    """Return the share of late flights among all that were known, as it developed.

    Rates of few flights are drawn to `prior`: `(late + prior * prior_flights) / (flights + prior_flights)`.

    Args:
        known: What `outcomes` returned.
        by: Key columns.
        name: Name of the rate.
        prior: Rate that is assumed where nothing is known, 0 to 1.
        prior_flights: Weight of `prior`, in flights.

    Returns:
        Grain and key: `by` and `<name>_known_at` (timestamp, when the rate became known); `name` double, 0 to 1.
    """
    until = Window.partitionBy(*by).orderBy("known_at").rowsBetween(Window.unboundedPreceding, 0)
    daily = known.groupBy(*by, "known_at").agg(F.sum("late").alias("_late"), F.count("*").alias("_flights"))
    late, flights = F.sum("_late").over(until), F.sum("_flights").over(until)
    rate = (late + F.lit(prior * prior_flights)) / (flights + F.lit(prior_flights))
    return daily.select(*by, F.col("known_at").alias(f"{name}_known_at"), rate.alias(name))


def yesterday(known: DataFrame) -> DataFrame:
    """Return the share of late flights of an airport among the outcomes of one day.

    Returns:
        Grain and key: `origin`, `late_rate_yesterday_known_at` timestamp; `late_rate_yesterday` double, 0 to 1.
    """
    return (
        known.groupBy("origin", F.col("known_at").alias("late_rate_yesterday_known_at"))
        .agg(F.avg("late").alias("late_rate_yesterday"))
        .select("origin", "late_rate_yesterday_known_at", "late_rate_yesterday")
    )
