"""The project's medallion, and the tables that are made from silver."""

from databricks_utils.catalog.tables import replace_table
from databricks_utils.context import Context
from databricks_utils.medallion import Medallion, declared_in
from pyspark.sql import SparkSession

from flights.settings import FlightsSettings
from flights.transformations.gold.delays import delays_by_carrier_route_day
from flights.transformations.silver.enrichment import enrich


def open_medallion(spark: SparkSession, context: Context) -> Medallion:
    """Return the medallion of all entities that `transformations.silver` declares."""
    return Medallion(spark, context, declared_in("flights.transformations.silver"))


def derive(spark: SparkSession, context: Context) -> list[str]:
    """Make anew what is derived from silver, each table in one commit.

    Returns:
        The names of the tables: silver flights with plane and weather, and the delays of gold.
    """
    settings = context.config.extra_as(FlightsSettings)
    enriched, delays = context.table("silver", "flights_enriched"), context.table("gold", "delays_by_carrier_route_day")
    flights, weather, planes, airlines = (
        spark.table(context.table("silver", name)) for name in ("flights", "weather", "planes", "airlines")
    )
    replace_table(enrich(flights, weather, planes, settings), enriched)
    late = settings.late_after_minutes
    replace_table(delays_by_carrier_route_day(flights, airlines, late_after_minutes=late), delays)
    return [enriched, delays]
