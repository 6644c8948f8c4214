"""`ops.progress`: one row for each table and each run that changed it.

Each judged row has the hash of its definition; this table has the parts of each definition, and the records that a step has
finished. It is written after the data. If a row is missing, the step repeats its last part, which changes nothing.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from databricks_utils.catalog.record_table import RecordTable
from databricks_utils.catalog.tables import append_rows
from databricks_utils.medallion.silver.definition import Definition
from databricks_utils.moments import as_micros

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

TABLE = "progress"
_PROGRESS = RecordTable(
    {
        "step": ("string", "refine, judge_again, rebuild, or rebuild_started"),
        "table_name": ("string", "The silver table"),
        "definition": ("string", "Hash of what makes its rows: columns, keys, rules, code"),
        "parts": ("map<string,string>", "The parts of the definition, each with its hash"),
        "ingested_until": ("timestamp", "Files up to this ingestion are accepted"),
        "judged_until": ("timestamp", "Checked rows up to this judgement are merged into the table"),
        "since": ("timestamp", "For rebuild_started: the first ingestion that the rebuild covers; NULL: all"),
        "rows": ("bigint", "Records that were judged"),
        "git_sha": ("string", "The commit that ran"),
        "recorded_at": ("timestamp", "When the row was written"),
    },
    comment="One row for each table and each run that changed it",
)
STARTED, FINISHED = "rebuild_started", "rebuild"


@dataclass(frozen=True)
class Progress:
    """The last recorded state of one table; moments in microseconds since 1970.

    Attributes:
        ingested_until: Deliveries up to this moment are accepted.
        judged_until: Checked rows up to this moment are merged.
        unfinished: The first ingestion that an unfinished rebuild covers, 0 for all; None if there is no unfinished rebuild.
    """

    ingested_until: int = 0
    judged_until: int = 0
    unfinished: int | None = None


@dataclass(frozen=True)
class Entry:
    """A new row.

    Attributes:
        step: The name of the step.
        table: The silver table.
        definition: The definition that made its rows.
        ingested_until: See `Progress`.
        judged_until: See `Progress`.
        rows: Records that were judged.
        since: For `rebuild_started`: the first ingestion that the rebuild covers, 0 for all.
    """

    step: str
    table: str
    definition: Definition
    ingested_until: int
    judged_until: int
    rows: int
    since: int = 0


class ProgressTable:
    """Reads and writes `ops.progress`.

    Args:
        spark: A session.
        name: The table's three-part name; it is created if it does not exist.
    """

    def __init__(self, spark: SparkSession, name: str) -> None:
        self._spark, self._name = spark, name
        self._newest, self._writing = 0, threading.Lock()
        self._made = _PROGRESS.ensure(spark, name)

    def latest(self) -> dict[str, Progress]:
        """Return the last state of each table, by name."""
        from pyspark.sql import functions as F

        if self._made:
            return {}
        recorded = F.unix_micros("recorded_at")
        started, finished = (F.when(F.col("step") == step, recorded) for step in (STARTED, FINISHED))
        rows = (
            self._spark.table(self._name)
            .groupBy("table_name")
            .agg(
                F.max(F.unix_micros("ingested_until")).alias("ingested"),
                F.max(F.unix_micros("judged_until")).alias("judged"),
                F.max(started).alias("started"),
                F.max(finished).alias("finished"),
                F.max_by(F.coalesce(F.unix_micros("since"), F.lit(0)), started).alias("since"),
                F.max(recorded).alias("recorded"),
            )
            .collect()
        )
        self._newest = max((int(row["recorded"]) for row in rows), default=0)
        return {
            row["table_name"]: Progress(
                int(row["ingested"] or 0),
                int(row["judged"] or 0),
                int(row["since"]) if (row["started"] or 0) > (row["finished"] or 0) else None,
            )
            for row in rows
        }

    def parts(self, table: str, definitions: Iterable[str]) -> dict[str, Mapping[str, str]]:
        """Return the parts of earlier definitions of a table, by hash; definitions that were not recorded are left out."""
        from pyspark.sql import functions as F

        rows = self._spark.table(self._name).where(
            (F.col("table_name") == table) & F.col("definition").isin(list(definitions))
        )
        found = rows.groupBy("definition").agg(F.max_by("parts", "recorded_at").alias("parts"))
        return {row["definition"]: row["parts"] for row in found.collect()}

    def write(self, entries: Iterable[Entry], *, git_sha: str) -> None:
        """Append rows in one commit; without rows do nothing."""
        with self._writing:  # later than any row so far, even if a machine's clock went back
            self._newest = recorded_at = max(as_micros(datetime.now(UTC)), self._newest + 1)
        rows = [
            (
                entry.step,
                entry.table,
                entry.definition.digest,
                dict(entry.definition.parts),
                entry.ingested_until,
                entry.judged_until,
                entry.since or None,
                entry.rows,
                git_sha,
                recorded_at,
            )
            for entry in entries
        ]
        if not rows:
            return
        append_rows(_PROGRESS.rows(self._spark, rows), self._name)
