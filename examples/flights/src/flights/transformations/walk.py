"""The step from bronze to silver and gold, as notebook 02 runs it."""

from pyspark.sql import SparkSession

from flights.context import Context
from flights.transformations.gold.delays import delays_by_carrier_route_day
from flights.transformations.silver.enrichment import enrich
from flights.transformations.silver.entities import ENTITIES
from flights.transformations.silver.load import load_silver
from flights.transformations.tables import replace_table


def transform(spark: SparkSession, context: Context) -> list[str]:
    """Bring silver up to bronze, then make anew what is derived from it, each table in one commit.

    Returns:
        The names of the tables.
    """
    enriched_table = context.table("silver", "flights_enriched")
    delays_table = context.table("gold", "delays_by_carrier_route_day")
    load_silver(spark, context)
    flights = spark.table(context.table("silver", "flights"))
    weather, planes, airlines = (
        spark.table(context.table("silver", name)) for name in ("weather", "planes", "airlines")
    )
    enriched = enrich(flights, weather, planes, context.settings)
    replace_table(enriched, enriched_table)
    delays = delays_by_carrier_route_day(flights, airlines, late_after_minutes=context.settings.late_after_minutes)
    replace_table(delays, delays_table)
    return [*(context.table("silver", entity.source.name) for entity in ENTITIES), enriched_table, delays_table]
