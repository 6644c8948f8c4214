"""One transformation of several entities: each after the entities that it needs, the others in parallel."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from databricks_utils.context import Context
from databricks_utils.medallion.bronze.deliveries import Deliveries
from databricks_utils.medallion.declaring.declarations import Entity
from databricks_utils.medallion.declaring.order import levels
from databricks_utils.medallion.silver.progress import TABLE, Entry, Progress, ProgressTable
from databricks_utils.medallion.silver.refined import Refined
from databricks_utils.medallion.silver.refinement import Refinement
from databricks_utils.moments import as_micros
from databricks_utils.quality.metrics import TABLE as METRICS
from databricks_utils.quality.metrics import Measurement, record_metrics

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

ALL = "all"


@dataclass
class Transformation:
    """One transformation.

    Attributes:
        spark: A session that may read bronze, and write silver, quarantine and ops.
        context: The environment.
        entities: The entities.
        deliveries: Name of a source → what was loaded of it, read before anything else; newer files wait for the next transformation.
        accepted: Names of entities whose invalid records are accepted, whatever their share; `all` for every one.
        now: The time of the transformation.
    """

    spark: SparkSession
    context: Context
    entities: Sequence[Entity]
    deliveries: Mapping[str, Deliveries]
    accepted: frozenset[str]
    now: datetime
    _history: ProgressTable = field(init=False)
    _progress: dict[str, Progress] = field(init=False)
    _measured: list[Measurement] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        self._history = ProgressTable(self.spark, self.context.table("ops", TABLE))
        self._progress = self._history.latest()

    def refine(self) -> list[Refined]:
        """Judge new records; see `Medallion.refine`."""
        return self._each(lambda work: work.refine())

    def judge_again(self) -> list[Refined]:
        """Judge quarantined records again; see `Medallion.judge_again`."""
        return self._each(lambda work: work.judge_again())

    def rebuild(self, since: datetime | None = None) -> list[Refined]:
        """Judge the records of bronze again; see `Medallion.rebuild`."""
        return self._each(lambda work: work.rebuild(as_micros(since) if since else 0))

    def _work(self, entity: Entity) -> Refinement:
        accepted = bool(self.accepted & {ALL, entity.name})
        last = self._progress.get(self.context.table("silver", entity.name), Progress())
        deliveries = self.deliveries[entity.source.name]
        return Refinement(
            *(self.spark, self.context, entity, deliveries, last, self._history, accepted, self.now),
            self._measured,
        )

    def _each(self, step: Callable[[Refinement], tuple[Refined, Entry | None]]) -> list[Refined]:
        done, entries = list[Refined](), list[Entry]()
        try:
            for level in levels(self.entities):
                # In parallel: with small tables most of the time is spent waiting for commits.
                with ThreadPoolExecutor(max_workers=len(level)) as pool:
                    running = [pool.submit(step, self._work(entity)) for entity in level]
                finished = [result.result() for result in running if result.exception() is None]
                done += [refined for refined, _ in finished]
                entries += [entry for _, entry in finished if entry]
                _raise_first(running)
        finally:
            self._record(entries)
        return sorted(done, key=lambda refined: refined.entity)

    def _record(self, entries: Sequence[Entry]) -> None:
        """Record what was measured, also of deliveries that were not accepted; then what is finished."""
        record_metrics(
            self.spark,
            self.context.table("ops", METRICS),
            sorted(self._measured, key=lambda found: found.table),
            run_id=self.context.run_id,
            git_sha=self.context.git_sha,
            measured_at=as_micros(self.now),
        )
        self._history.write(entries, git_sha=self.context.git_sha)


def _raise_first(running: Sequence[Future[tuple[Refined, Entry | None]]]) -> None:
    for result in running:
        result.result()
