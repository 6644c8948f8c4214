"""A contract in other formats: each export says what its format cannot express."""

from databricks_utils.contracts.exports.dqx import dqx
from databricks_utils.contracts.exports.expectations import expectations, expectations_sql
from databricks_utils.contracts.exports.json_schema import json_schema
from databricks_utils.contracts.exports.sql import sql

__all__ = ["dqx", "expectations", "expectations_sql", "json_schema", "sql"]
