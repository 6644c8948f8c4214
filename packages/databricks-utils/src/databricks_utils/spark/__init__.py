"""Spark sessions: one call returns the right session on a laptop, a cluster, serverless compute or with Databricks Connect.

Importing this package does not import pyspark; creating a session does.
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
