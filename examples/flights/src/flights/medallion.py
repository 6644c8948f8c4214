"""The project's medallion: all sources, entities and derived tables declared in `transformations`."""

from databricks_utils.context import Context
from databricks_utils.medallion import Medallion
from pyspark.sql import SparkSession


def open_medallion(spark: SparkSession, context: Context) -> Medallion:
    """Return the medallion in an environment."""
    return Medallion.of_package(spark, context, "flights.transformations")
