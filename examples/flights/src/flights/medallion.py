"""The project's medallion: every source, entity and derived table that `transformations` declares."""

from databricks_utils.context import Context
from databricks_utils.medallion import Medallion
from pyspark.sql import SparkSession


def open_medallion(spark: SparkSession, context: Context) -> Medallion:
    """Return the medallion in an environment."""
    return Medallion.of_package(spark, context, "flights.transformations")
