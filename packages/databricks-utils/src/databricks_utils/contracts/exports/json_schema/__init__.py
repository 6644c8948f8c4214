"""A table as JSON Schema."""

from databricks_utils.contracts.exports.json_schema.writing import json_schema

__all__ = ["json_schema"]
