"""The state of a Delta table as a short text: it differs after every commit, and after the table was made anew."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from databricks_utils.catalog.history import data_changes, data_version
from databricks_utils.catalog.tables import columns_of

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

MISSING = "missing"
_AT_A_TIME = 8


def table_states(spark: SparkSession, names: Iterable[str]) -> dict[str, str]:
    """Return the states of tables, by name.

    Two equal states of one table mean that nothing was committed in between. Reading them starts no Spark job: a table's history
    would name its version, but takes three times as long.

    Args:
        spark: A session that may read the tables.
        names: Full names of Delta tables; a table that does not exist has the state `missing`.

    Source: https://docs.databricks.com/aws/en/delta/table-details (`id` and `lastModified` of DESCRIBE DETAIL).
    """
    wanted = list(dict.fromkeys(names))
    with ThreadPoolExecutor(max_workers=_AT_A_TIME) as pool:
        return dict(zip(wanted, pool.map(lambda name: _state(spark, name), wanted), strict=True))


def rows_state(spark: SparkSession, name: str) -> str:
    """Return the state of a table's rows: upkeep such as OPTIMIZE does not change it; a table that does not exist is `missing`.

    It costs a Spark job, which `table_states` does not.
    """
    return (
        MISSING
        if columns_of(spark, name) is None
        else f"{_identity(spark, name)} {data_version(spark, name)}"
    )


def state_after(spark: SparkSession, name: str, mark: str, *, before: str) -> str:
    """Return the state of a table's rows after a commit; empty if another commit changed rows between it and an earlier state.

    Args:
        spark: A session that may read the table.
        name: The table.
        mark: The text that identifies the commit in the table's history.
        before: The earlier state, from `rows_state`.
    """
    identity, _, version = before.rpartition(" ")
    changes = data_changes(spark, name, after=int(version))
    if identity != _identity(spark, name) or not changes or changes[0][1] != mark:
        return ""
    return f"{identity} {changes[0][0]}"


def _identity(spark: SparkSession, name: str) -> str:
    return str(spark.sql(f"DESCRIBE DETAIL {name}").select("id").collect()[0]["id"])


def view_states(spark: SparkSession, names: Iterable[str]) -> dict[str, str]:
    """Return whether views can be read, by name: `there` or `missing`.

    Args:
        spark: A session that may read the views.
        names: Full names of views.
    """
    return {name: MISSING if columns_of(spark, name) is None else "there" for name in names}


def _state(spark: SparkSession, name: str) -> str:
    from pyspark.errors import AnalysisException
    from pyspark.sql import functions as F

    modified = F.unix_micros("lastModified").alias("modified")
    try:
        detail = spark.sql(f"DESCRIBE DETAIL {name}").select("id", modified, "numFiles", "sizeInBytes")
        row = detail.collect()[0]
    except AnalysisException as error:
        if "NOT_FOUND" not in str(error):
            raise
        return MISSING
    return " ".join(str(value) for value in row)
