"""`ops.steps`: one row for each finished run of a step, with what it read, wrote and depended on.

It is written after the step's data. If the row is missing, the step runs again, which changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from databricks_utils.catalog.record_table import RecordTable
from databricks_utils.catalog.tables import append_rows, columns_of
from databricks_utils.context import Context
from databricks_utils.moments import as_micros, as_moment

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

TABLE = "steps"
_RUNS = RecordTable(
    {
        "step": ("string", "The step, and what it works on"),
        "definition": (
            "map<string,string>",
            "What the step depended on besides data, as hashes: code, configuration, packages",
        ),
        "inputs": ("map<string,string>", "The states of what it read, before it read them"),
        "outputs": ("map<string,string>", "The states of what it wrote, afterwards"),
        "result": ("string", "Its result as JSON"),
        "git_sha": ("string", "The commit that ran"),
        "finished_at": ("timestamp", "When it had finished"),
    },
    comment="One row for each finished run of a step",
)


@dataclass(frozen=True)
class FinishedRun:
    """A finished run of a step; see `ops.steps`.

    Attributes:
        step: The step, and what it works on.
        definition: Name of a part → hash.
        inputs: Name of what it read → state.
        outputs: Name of what it wrote → state.
        result: JSON.
        git_sha: The commit that ran.
        finished_at: When it had finished, in microseconds since 1970.
    """

    step: str
    definition: Mapping[str, str]
    inputs: Mapping[str, str]
    outputs: Mapping[str, str]
    result: str
    git_sha: str = "unknown"
    finished_at: int = 0

    def __str__(self) -> str:
        """Return when it ran, and the commit."""
        moment = f"{as_moment(self.finished_at):%Y-%m-%d %H:%M} UTC"
        return moment if self.git_sha == "unknown" else f"{moment} ({self.git_sha[:12]})"


class StepRegister:
    """Reads and writes `ops.steps`.

    Args:
        spark: A session that may read and write ops.
        context: The environment.
    """

    def __init__(self, spark: SparkSession, context: Context) -> None:
        self._spark, self._name, self._git_sha = spark, context.table("ops", TABLE), context.git_sha
        self._read: dict[str, FinishedRun | None] = {}

    def last(self, step: str) -> FinishedRun | None:
        """Return the last finished run of a step; None if there is none. The table is read once for each step."""
        if step not in self._read:
            self._read[step] = self._last(step)
        return self._read[step]

    def _last(self, step: str) -> FinishedRun | None:
        from pyspark.sql import functions as F

        if columns_of(self._spark, self._name) is None:
            return None
        runs = self._spark.table(self._name).where(F.col("step") == step).select(*_RUNS.selected())
        newest = runs.orderBy(F.desc("finished_at")).limit(1).collect()
        return FinishedRun(**newest[0].asDict()) if newest else None

    def add(self, run: FinishedRun) -> None:
        """Add a run that finishes now, in one commit."""
        _RUNS.ensure(self._spark, self._name)
        maps = (dict(run.definition), dict(run.inputs), dict(run.outputs))
        row = (run.step, *maps, run.result, self._git_sha, as_micros(datetime.now(UTC)))
        append_rows(_RUNS.rows(self._spark, [row]), self._name)
        self._read.pop(run.step, None)
