"""Flights: convert HHMM clock times of two places to timestamps, and add the status of each flight."""

from databricks_utils.contracts import contracts_of
from databricks_utils.quality import Rule
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from flights.transformations.silver.clock import clock_minutes, local_time

# About columns that silver does not keep; the other rules are in the contracts.
RULES = (
    Rule("origin_is_known", "origin_zone IS NOT NULL", "the origin is not an airport with a time zone"),
    Rule("destination_is_known", "destination_zone IS NOT NULL", "the destination is not an airport with a time zone"),
)
# A year of more digits would be a date too, but no timestamp can be made of it.
_DATE = "CASE WHEN year BETWEEN 1 AND 9999 THEN try_cast(concat_ws('-', lpad(year, 4, '0'), month, day) AS DATE) END"
_NAMES = {
    "dest": "destination",
    "tailnum": "tail_number",
    "flight": "flight_number",
    "dep_delay": "departure_delay_minutes",
    "arr_delay": "arrival_delay_minutes",
    "air_time": "air_time_minutes",
    "distance": "distance_miles",
}


def typed(records: DataFrame, airports: DataFrame) -> DataFrame:
    """Return typed flights.

    Scheduled times are local times of origin and destination. Actual times are the scheduled times plus the delays, so that
    midnight and the change to summer time cause no errors; rules compare the actual clock times with them.

    Args:
        records: Delivered flights, one row for each record.
        airports: Silver airports; key `airport`, with `time_zone`.

    Returns:
        Grain of `records`, its columns and those of the entity: `flight_date` date; `scheduled_departure`, `departure`,
        `scheduled_arrival`, `arrival` timestamps; `status` one of `completed`, `diverted` (departed, without an arrival
        delay), `cancelled` (not departed); `scheduled_departure_minute` int, minutes after local midnight.
    """
    zones = airports.select("airport", "time_zone")
    origins = zones.select(F.col("airport").alias("origin"), F.col("time_zone").alias("origin_zone"))
    destinations = zones.select(F.col("airport").alias("destination"), F.col("time_zone").alias("destination_zone"))
    read = (
        records.withColumnsRenamed(_NAMES)
        .withColumn("flight_date", F.expr(_DATE))
        .withColumn("scheduled_departure_minute", clock_minutes("sched_dep_time"))
        .withColumn("scheduled_arrival_minute", clock_minutes("sched_arr_time"))
        .join(F.broadcast(origins), "origin", "left")
        .join(F.broadcast(destinations), "destination", "left")
    )
    return _with_times(read)


def _with_times(read: DataFrame) -> DataFrame:
    same_day = local_time("flight_date", "scheduled_arrival_minute", "destination_zone")
    next_day = local_time("flight_date", "(scheduled_arrival_minute + 1440)", "destination_zone")
    return (
        read.withColumn("scheduled_departure", local_time("flight_date", "scheduled_departure_minute", "origin_zone"))
        .withColumn("scheduled_arrival", F.when(same_day > F.col("scheduled_departure"), same_day).otherwise(next_day))
        .withColumn("departure", F.expr("timestampadd(MINUTE, departure_delay_minutes, scheduled_departure)"))
        .withColumn("arrival", F.expr("timestampadd(MINUTE, arrival_delay_minutes, scheduled_arrival)"))
        .withColumn(
            "status",
            F.when(F.col("departure").isNull(), "cancelled")
            .when(F.col("arrival").isNull(), "diverted")
            .otherwise("completed"),
        )
    )


ENTITY = contracts_of("flights").entity("flights", typed, needs=("airports",), rules=RULES)
