"""One transformation of several entities: each after the entities that it needs were made and checked, the others in parallel."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from databricks_utils.context import Context
from databricks_utils.medallion.bronze.deliveries import Deliveries
from databricks_utils.medallion.declaring.declarations import Entity
from databricks_utils.medallion.declaring.stages import Asked, stages
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
        check: Asks checks of tables; it raises if one of them fails.
        only_checked: Entities that are not refined now; nothing is made of them either if a check of theirs fails.
        done: The results of the entities that are refined, also if an error stops the others.
    """

    spark: SparkSession
    context: Context
    entities: Sequence[Entity]
    deliveries: Mapping[str, Deliveries]
    accepted: frozenset[str]
    now: datetime
    check: Callable[[Sequence[Asked]], None]
    only_checked: Sequence[Entity] = ()
    done: list[Refined] = field(init=False, default_factory=list)
    _history: ProgressTable = field(init=False)
    _progress: dict[str, Progress] = field(init=False)
    _measured: list[Measurement] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        self._history = ProgressTable(self.spark, self.context.table("ops", TABLE))
        self._progress = self._history.latest()

    def refine(self) -> None:
        """Judge new records; see `Medallion.refine`."""
        self._each(lambda work: work.refine())

    def judge_again(self) -> None:
        """Judge quarantined records again; see `Medallion.judge_again`."""
        self._each(lambda work: work.judge_again())

    def rebuild(self, since: datetime | None = None) -> None:
        """Judge the records of bronze again; see `Medallion.rebuild`."""
        self._each(lambda work: work.rebuild(as_micros(since) if since else 0))

    def _work(self, entity: Entity) -> Refinement:
        accepted = bool(self.accepted & {ALL, entity.name})
        last = self._progress.get(self.context.table("silver", entity.name), Progress())
        deliveries = self.deliveries[entity.source.name]
        return Refinement(
            *(self.spark, self.context, entity, deliveries, last, self._history, accepted, self.now),
            self._measured,
        )

    def _each(self, step: Callable[[Refinement], tuple[Refined, Entry | None]]) -> None:
        entries, names = list[Entry](), {entity.name for entity in self.entities}
        try:
            for stage in stages((*self.entities, *self.only_checked)):
                self._work_on([entity for entity in stage.made if entity.name in names], step, entries)
                self.check(stage.asked)
        finally:
            self._record(entries)

    def _work_on(
        self,
        made: Sequence[Entity],
        step: Callable[[Refinement], tuple[Refined, Entry | None]],
        entries: list[Entry],
    ) -> None:
        if not made:
            return
        # In parallel: with small tables most of the time is spent waiting for commits.
        with ThreadPoolExecutor(max_workers=len(made)) as pool:
            running = [pool.submit(step, self._work(entity)) for entity in made]
        finished = [result.result() for result in running if result.exception() is None]
        self.done += [refined for refined, _ in finished]
        entries += [entry for _, entry in finished if entry]
        _raise_first(running)

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
