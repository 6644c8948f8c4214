"""A second import path of `SparkSessionFactory`, kept because projects are written against it.

The factory lives in `databricks_utils.spark.session`.
"""

from databricks_utils.spark.session import SparkSessionFactory

__all__ = ["SparkSessionFactory"]
