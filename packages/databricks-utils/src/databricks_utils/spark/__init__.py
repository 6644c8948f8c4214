"""Spark sessions: one call that gives the session which fits, on a laptop, a cluster, serverless or by Databricks Connect.

Importing it imports no pyspark: that happens when a session is made.
"""

from databricks_utils.spark.errors import (
    ConflictingPackagesError,
    MissingPackageError,
    SessionError,
    SparkSettingsWarning,
)
from databricks_utils.spark.session import SparkSessionFactory

__all__ = [
    "ConflictingPackagesError",
    "MissingPackageError",
    "SessionError",
    "SparkSessionFactory",
    "SparkSettingsWarning",
]
