"""The public import path of `SparkSessionFactory`, which is defined in `databricks_utils.spark.session`."""

from databricks_utils.spark.session import SparkSessionFactory

__all__ = ["SparkSessionFactory"]
