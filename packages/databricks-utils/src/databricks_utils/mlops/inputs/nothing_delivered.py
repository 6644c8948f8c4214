"""A feature table without rows: a newly deployed project has no data yet, which is no error."""

from __future__ import annotations

from typing import TYPE_CHECKING

from databricks_utils.context import Context

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


def nothing_delivered(features: DataFrame, table: str, context: Context) -> str:
    """Return why a step has nothing to do, and what to do next; empty if the feature table has rows.

    Args:
        features: The rows of the feature table.
        table: Its name.
        context: The environment.
    """
    if not features.isEmpty():
        return ""
    return f"nothing delivered yet: {table} has no rows; deliver files to {context.landing}, then run `main_pipeline`"
