"""What the history of a Delta table says: its version, its last change, and its last write of a kind."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from uuid import uuid4

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

WRITES = "append_once"
_MARK = re.compile(rf"{WRITES} (\d+) \w+")
_RECENT = 100  # commits
# Operations of the history that change no value of an existing column. Every other one may.
# Source: https://docs.databricks.com/aws/en/tables/history-schema and the class `DeltaOperations` of Delta 4.4.
_UPKEEP = (
    "ADD COLUMNS",
    "ADD CONSTRAINT",
    "CHANGE COLUMN",
    "CHANGE COLUMNS",
    "CLUSTER BY",
    "COMPUTE STATS",
    "DROP CONSTRAINT",
    "OPTIMIZE",
    "ROW TRACKING BACKFILL",
    "SET TBLPROPERTIES",
    "UNSET TBLPROPERTIES",
    "UPGRADE PROTOCOL",
    "VACUUM END",
    "VACUUM START",
)


def table_version(spark: SparkSession, name: str) -> int:
    """Return the number of a Delta table's newest commit."""
    return int(spark.sql(f"DESCRIBE HISTORY {name} LIMIT 1").collect()[0]["version"])


def data_version(spark: SparkSession, name: str) -> int:
    """Return the number of the newest commit that may have changed rows; commits such as OPTIMIZE and ALTER TABLE do not count."""
    for limit in (f" LIMIT {_RECENT}", ""):
        if changes := _data_commits(spark, name, limit):
            return changes[-1][0]
    return 0


def data_changes(spark: SparkSession, name: str, *, after: int) -> list[tuple[int, str]]:
    """Return the commits after a version that may have changed rows, oldest first: their numbers, and the texts of their writers."""
    return [commit for commit in _data_commits(spark, name, f" LIMIT {_RECENT}") if commit[0] > after]


def _data_commits(spark: SparkSession, name: str, limit: str) -> list[tuple[int, str]]:
    history = spark.sql(f"DESCRIBE HISTORY {name}{limit}").select("version", "operation", "userMetadata")
    return sorted(
        (int(row["version"]), row["userMetadata"] or "")
        for row in history.collect()
        if row["operation"] not in _UPKEEP
    )


def last_write(spark: SparkSession, name: str) -> int:
    """Return the number of the newest write of `append_once` or `replace_once`; 0 if the table's recent history has none.

    Read it before the table's rows. Rows that were deleted since do not lower it.
    """
    found = [match for mark in recent_marks(spark, name) if (match := _MARK.fullmatch(mark))]
    return max((int(match[1]) for match in found), default=0)


def new_mark(number: int) -> str:
    """Return the text that identifies one write in a table's history."""
    return f"{WRITES} {number} {uuid4().hex}"


def recent_marks(spark: SparkSession, name: str) -> list[str]:
    """Return the texts that the writers of a table's recent commits gave them, newest first; empty for a commit without one."""
    recent = spark.sql(f"DESCRIBE HISTORY {name} LIMIT {_RECENT}").select("userMetadata").collect()
    return [row["userMetadata"] or "" for row in recent]
