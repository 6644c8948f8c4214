"""Flights: convert HHMM clock times of two places to timestamps, and add the status of each flight."""

from databricks_utils.medallion import Entity
from databricks_utils.quality import Rule, Severity
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from flights.ingestion.sources import FLIGHTS, RAW
from flights.transformations.silver.clock import clock_minutes, local_time

RULES = (
    *RAW.rules(
        whole=("year", "month", "day", "flight", "dep_delay", "arr_delay", "air_time"),
        decimal=("distance",),
    ),
    Rule("origin_is_known", "origin_zone IS NOT NULL", "the origin is not an airport with a time zone"),
    Rule("destination_is_known", "destination_zone IS NOT NULL", "the destination is not an airport with a time zone"),
    Rule(
        "schedule_is_a_clock_time",
        "scheduled_departure_minute IS NOT NULL AND scheduled_arrival_minute IS NOT NULL",
        "a scheduled time is not an HHMM clock time",
    ),
    Rule(
        "departure_agrees_with_its_delay",
        "departure_delay_minutes IS NULL AND coalesce(trim(dep_time), 'NA') = 'NA' "
        "OR pmod(departure_minute - scheduled_departure_minute - departure_delay_minutes, 1440) = 0",
        "dep_time is not sched_dep_time plus dep_delay",
    ),
    Rule(
        "arrival_agrees_with_its_delay",
        "arrival_delay_minutes IS NULL "
        "OR pmod(arrival_minute - scheduled_arrival_minute - arrival_delay_minutes, 1440) = 0",
        "arr_time is not sched_arr_time plus arr_delay",
    ),
    Rule("what_arrived_had_left", "arr_time = 'NA' OR dep_time <> 'NA'", "it has an arrival, but no departure"),
    Rule(
        "ground_speed_is_possible",
        "air_time_minutes IS NULL OR distance_miles * 60 / air_time_minutes <= 680",
        "faster than 680 miles an hour over ground: air_time or distance is wrong",
    ),
    Rule(
        "tail_number_is_american",
        "tail_number IS NULL OR tail_number RLIKE '^N[1-9][0-9A-Z]{0,4}$'",
        "not a valid American tail number; the plane stays unknown",
        Severity.WARNING,
    ),
)


def typed(records: DataFrame, airports: DataFrame) -> DataFrame:
    """Return typed flights.

    Scheduled times are local times of origin and destination. Actual times are the scheduled times plus the delays, so that
    midnight and the change to summer time cause no errors; rules compare them with the actual clock times.

    Args:
        records: Bronze flights, one row for each line.
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
        records.withColumn("origin", RAW.text("origin"))
        .withColumn("carrier", RAW.text("carrier"))
        .withColumn("destination", RAW.text("dest"))
        .withColumn("tail_number", RAW.text("tailnum"))
        .withColumn("flight_number", RAW.whole("flight"))
        .withColumn(
            "flight_date",
            # A year of more digits would be a date too, but no timestamp can be made of it.
            F.expr(
                "CASE WHEN length(trim(year)) = 4 THEN "
                "try_cast(concat_ws('-', trim(year), lpad(trim(month), 2, '0'), lpad(trim(day), 2, '0')) AS DATE) END"
            ),
        )
        .withColumn("departure_delay_minutes", RAW.whole("dep_delay"))
        .withColumn("arrival_delay_minutes", RAW.whole("arr_delay"))
        .withColumn("air_time_minutes", RAW.whole("air_time"))
        .withColumn("distance_miles", RAW.decimal("distance"))
        .withColumn("scheduled_departure_minute", clock_minutes("sched_dep_time"))
        .withColumn("scheduled_arrival_minute", clock_minutes("sched_arr_time"))
        .withColumn("departure_minute", clock_minutes("dep_time"))
        .withColumn("arrival_minute", clock_minutes("arr_time"))
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


ENTITY = Entity(
    FLIGHTS,
    typed,
    keys=("flight_date", "carrier", "flight_number", "origin"),
    columns=(
        "destination",
        "tail_number",
        "status",
        "scheduled_departure",
        "departure",
        "departure_delay_minutes",
        "scheduled_arrival",
        "arrival",
        "arrival_delay_minutes",
        "scheduled_departure_minute",
        "air_time_minutes",
        "distance_miles",
    ),
    rules=RULES,
    needs=("airports",),
)
