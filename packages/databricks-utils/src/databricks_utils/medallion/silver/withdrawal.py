"""Withdraw what a file no longer says: its earlier delivery put rows into silver, and its newest one does not have them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from databricks_utils.catalog.tables import correct_rows
from databricks_utils.medallion.bronze.deliveries import Replaced
from databricks_utils.medallion.declaring.declarations import Entity
from databricks_utils.medallion.silver.judging import EntityTables, in_columns_of, silver_rows

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_GONE = "_gone"


def withdraw(spark: SparkSession, tables: EntityTables, entity: Entity, replaced: Replaced) -> None:
    """Correct the rows of silver that come from earlier deliveries of some files, in one commit.

    A key that another file has too goes back to that version; any other key is deleted. A second call changes nothing.

    Args:
        spark: A session that may write silver.
        tables: The entity's tables; the checked table no longer has the records of the earlier deliveries.
        entity: The entity.
        replaced: The files that were delivered again.
    """
    from pyspark.sql import functions as F

    if not replaced:
        return
    keys, silver = list(entity.keys), spark.table(tables.silver)
    stale = silver.where(replaced.condition()).select(*keys)
    if stale.isEmpty():
        return
    others = spark.table(tables.checked).join(stale, keys, "left_semi")
    latest = in_columns_of(silver_rows(others, entity), silver).withColumn(_GONE, F.expr("false"))
    corrected = stale.join(latest, keys, "left").withColumn(_GONE, F.coalesce(F.col(_GONE), F.expr("true")))
    correct_rows(corrected, tables.silver, keys=keys, where=replaced.condition("t"), gone=_GONE)
