"""The outcomes of flights, and when each outcome became known."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

ZONE = "America/New_York"


def outcomes(flights: DataFrame, *, late_after_minutes: int) -> DataFrame:
    """Return the outcomes of completed flights, and when they became known.

    An outcome counts from the midnight in New York after the arrival, not from the day of the flight: the outcome of a flight
    that lands after midnight is known a day later.

    Args:
        flights: Silver flights.
        late_after_minutes: A flight is late if its arrival delay is larger, in minutes.

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
            # When the clock changes, an arrival can be an hour after the computed midnight; then its own time counts.
            F.greatest(midnight, F.col("arrival")).alias("known_at"),
        )
    )


def counted(known: DataFrame) -> DataFrame:
    """Return the outcomes as counts: all rates are made of them, so that Spark reads the flights once.

    For that, each rate must ask for the same columns: a flight without one of them, which no valid flight is, counts in no rate.

    Args:
        known: See `outcomes`.

    Returns:
        Grain and key: `carrier, origin, destination, departure_hour, known_at`. `flights` and `late` bigint: the number of completed
        flights, and of late ones.
    """
    columns = ("carrier", "origin", "destination", "departure_hour", "known_at")
    complete = known.where(" AND ".join(f"{name} IS NOT NULL" for name in columns))
    return complete.groupBy(*columns).agg(F.count("*").alias("flights"), F.sum("late").alias("late"))


def departure_hour() -> Column:
    """Return the local hour of the scheduled departure, 0 to 23."""
    return F.expr("CAST((scheduled_departure_minute % 1440) DIV 60 AS INT)")
