"""Make derived tables from silver and from each other; each call replaces them, with one commit for each table."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from databricks_utils.catalog.tables import replace_table
from databricks_utils.context import Context
from databricks_utils.medallion.declaring.declarations import Derived
from databricks_utils.medallion.declaring.order import levels

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


def derive(spark: SparkSession, context: Context, derived: Sequence[Derived]) -> list[str]:
    """Make derived tables; see `Medallion.derive`."""
    names = {item.name: context.table(item.layer, item.name) for item in derived}

    def make(item: Derived) -> str:
        needed = [spark.table(names.get(name) or context.table("silver", name)) for name in item.needs]
        replace_table(item.build(context, *needed), names[item.name])
        return names[item.name]

    made = list[str]()
    for level in levels(derived):
        with ThreadPoolExecutor(max_workers=len(level)) as pool:
            made += pool.map(make, level)
    return sorted(made)
