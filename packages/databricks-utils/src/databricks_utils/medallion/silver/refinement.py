"""One entity from bronze into silver and quarantine: new records, quarantined ones again, or everything anew.

Two commits: the judged records go into the checked table, then the valid ones are merged into silver. How far each came is
read from the tables and from `ops.progress`, so that after a crash the same call adds exactly what is missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from databricks_utils.catalog.tables import (
    append_once,
    merge_latest,
    replace_once,
    table_version,
    update_rows,
)
from databricks_utils.context import Context
from databricks_utils.medallion.bronze.records import ROW_KEY
from databricks_utils.medallion.declaring.declarations import Entity
from databricks_utils.medallion.declaring.definition import Definition, define
from databricks_utils.medallion.errors import ConcurrentTransformationError
from databricks_utils.medallion.moments import as_micros, as_moment
from databricks_utils.medallion.silver.checked import (
    NewRecords,
    Status,
    between,
    count_new,
    newest_ingestion,
    read_status,
)
from databricks_utils.medallion.silver.judging import (
    JUDGED_AT,
    VERSION,
    EntityTables,
    ensure_tables,
    evolve_tables,
    in_columns_of,
    judge,
    renew_quarantine,
    silver_rows,
)
from databricks_utils.medallion.silver.progress import STARTED, Entry, Progress, ProgressTable
from databricks_utils.quality import VALID, assert_quarantine_share

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession
    from pyspark.sql.types import StructType


@dataclass(frozen=True)
class Refined:
    """What one transformation did for an entity.

    Attributes:
        entity: Its name.
        judged: Records that were judged now.
        quarantined: The invalid ones among new deliveries.
        arrived: Records that had been in quarantine and are valid now.
        outdated: Records that an earlier definition judged.
        changed: What differs from that earlier definition, in words.
        waiting: Quarantined records whose reason may have gone: a rule changed since, or a needed table has new rows.
        table: The silver table.
    """

    entity: str
    judged: int
    quarantined: int
    arrived: int
    outdated: int
    changed: tuple[str, ...]
    waiting: int
    table: str

    @property
    def advice(self) -> str:
        """What to do about records that were judged under other circumstances; empty where there are none."""
        lines = []
        if self.outdated:
            what = "; ".join(self.changed) or "that definition was not recorded"
            lines.append(
                f"{self.entity}: {self.outdated:,} records were judged under an earlier definition ({what})\n"
                "  to judge all of them again, run the transformation with mode=rebuild (Medallion.rebuild())"
            )
        if self.waiting:
            lines.append(
                f"{self.entity}: {self.waiting:,} quarantined records may be valid now\n"
                "  to judge them again, run the transformation with mode=judge_again (Medallion.judge_again())"
            )
        return "\n".join(lines)


@dataclass(frozen=True)
class Refinement:
    """The work on one entity in one transformation.

    Attributes:
        spark: A session that may read bronze, and write silver and quarantine.
        context: The environment.
        entity: The entity.
        progress: What is recorded of the entity's table and of those that it needs, by table name.
        history: Where earlier definitions are recorded.
        accepted: True where invalid records are accepted, whatever their share.
        now: The time of the transformation.
    """

    spark: SparkSession
    context: Context
    entity: Entity
    progress: Mapping[str, Progress]
    history: ProgressTable
    accepted: bool
    now: datetime

    def refine(self, step: str = "refine") -> tuple[Refined, Entry | None]:
        """Judge the records that the checked table does not hold, and merge what is valid.

        Returns:
            What was done, and the row that records it; None where nothing was to do.
        """
        if self._last.step == STARTED:  # a rebuild came to no end: do all of it again
            return self.rebuild()
        self._prepare()
        newest = newest_ingestion(self._bronze)
        seen = table_version(self.spark, self.tables.checked)
        status = self._status()
        judged_until, new, entry = status.judged, NewRecords(0, 0, 0), None
        if newest > status.ingested:
            judged_until = self._moment_after(status)
            self._judge_new(after=status.ingested, until=newest, judged_at=judged_until, seen=seen)
        if judged_until > self._last.judged_until or newest > self._last.ingested_until:
            new = self._accept(after=self._last.ingested_until, until=newest)
            self._merge(until=judged_until)
            entry = self._entry(step, newest, judged_until, new.rows)
        return self._result(status, new), entry

    def judge_again(self) -> tuple[Refined, Entry | None]:
        """Judge the quarantined records again, then refine: what is valid now arrives in silver."""
        if self._last.step == STARTED:
            return self.rebuild()
        self._prepare()
        before = self._status()
        if not before.quarantined:
            return self.refine()
        invalid = self._table(self.tables.checked).where(f"NOT {VALID}").select(*ROW_KEY)
        records = self._bronze.join(invalid, list(ROW_KEY), "left_semi")
        judged = in_columns_of(
            self._judge(records, self._moment_after(before)), self._table(self.tables.checked)
        )
        # Only what is invalid still: a statement of a killed run may end after this one.
        update_rows(judged, self.tables.checked, keys=ROW_KEY, where=f"NOT t.{VALID}")
        arrived = before.quarantined - self._status().quarantined
        refined, entry = self.refine("judge_again")
        return replace(refined, judged=refined.judged + before.quarantined, arrived=arrived), entry

    def rebuild(self, since: int = 0) -> tuple[Refined, Entry]:
        """Judge records of bronze again, replace them in the checked table, and make silver anew from that.

        Args:
            since: Deliveries ingested from this moment on, in microseconds since 1970; 0: all.
        """
        tables = self.tables
        ensure_tables(self.spark, tables, self.entity, self._schema)
        if since:
            evolve_tables(self.spark, tables, self.entity, self._schema)
        seen = {name: table_version(self.spark, name) for name in (tables.checked, tables.silver)}
        newest = newest_ingestion(self._bronze)
        judged_until = max(as_micros(self.now), self._last.judged_until + 1)
        judged = self._judge(between(self._bronze, "_ingested_at", max(since - 1, 0), newest), judged_until)
        self._replace_checked(judged, since=since, seen=seen[tables.checked])
        new = self._accept(after=max(since - 1, 0), until=newest)
        silver = silver_rows(self._table(tables.checked), self.entity)
        replace_once(silver, tables.silver, seen=seen[tables.silver])
        entry = self._entry("rebuild", newest, judged_until, new.rows)
        return self._result(self._status(), new), entry

    def started(self) -> Entry:
        """Return the row that records that a rebuild begins."""
        return self._entry(STARTED, self._last.ingested_until, self._last.judged_until, 0)

    @cached_property
    def tables(self) -> EntityTables:
        """The names of the entity's tables."""
        return EntityTables.of(self.context, self.entity)

    @cached_property
    def definition(self) -> Definition:
        """What makes the entity's rows."""
        return define(self.entity)

    @property
    def _last(self) -> Progress:
        return self.progress.get(self.tables.silver, Progress())

    @property
    def _bronze(self) -> DataFrame:
        return self._table(self.tables.bronze)

    @cached_property
    def _schema(self) -> StructType:
        return self._judge(self._bronze.limit(0), 0).schema

    def _table(self, name: str) -> DataFrame:
        return self.spark.table(name)

    def _prepare(self) -> None:
        ensure_tables(self.spark, self.tables, self.entity, self._schema)
        evolve_tables(self.spark, self.tables, self.entity, self._schema)

    def _judge(self, bronze: DataFrame, judged_at: int) -> DataFrame:
        needed = [self._table(self.context.table("silver", name)) for name in self.entity.needs]
        digest = self.definition.digest
        return judge(self.entity, bronze, needed, digest=digest, judged_at=as_moment(judged_at))

    def _status(self) -> Status:
        needed = [self.context.table("silver", name) for name in self.entity.needs]
        until = max((self.progress[name].judged_until for name in needed if name in self.progress), default=0)
        return read_status(self.spark, self.tables.checked, digest=self.definition.digest, needed_until=until)

    def _moment_after(self, status: Status) -> int:
        """Return this transformation's time, later than any judgement so far even if a machine's clock went back."""
        return max(as_micros(self.now), status.judged + 1)

    def _judge_new(self, *, after: int, until: int, judged_at: int, seen: int) -> None:
        """Append the judged records of deliveries between two moments."""
        checked = self.tables.checked
        judged = self._judge(between(self._bronze, "_ingested_at", after, until), judged_at)
        append_once(in_columns_of(judged, self._table(checked)), checked, seen=seen)

    def _accept(self, *, after: int, until: int) -> NewRecords:
        """Count the records of deliveries after a moment; refuse them where too many are invalid.

        Raises:
            ConcurrentTransformationError: There are deliveries until a moment, and the checked table lacks the last one.
            QuarantineShareError: The share of invalid records is too great, and nobody accepted it.
        """
        checked = self.tables.checked
        new = count_new(self._table(checked), after=after)
        if after < until and new.ingested < until:
            raise ConcurrentTransformationError(
                f"{checked} was written by another transformation at the same moment; nothing was lost",
                location=checked,
                fix="run the transformation again: it adds what is missing",
            )
        own = self.entity.max_quarantined_share
        maximum = self.context.config.quality.max_quarantined_share if own is None else own
        assert_quarantine_share(
            table=self.tables.silver,
            rows=new.rows,
            quarantined=new.invalid,
            maximum=1.0 if self.accepted else maximum,
            fix=f"look at `_failures` in {self.tables.quarantine}; deliver the files again, correct the rule, or\n"
            f"run the transformation once with accept_quarantined={self.entity.name}: silver then takes the valid ones",
        )
        return new

    def _merge(self, *, until: int) -> None:
        silver = self.tables.silver
        seen = table_version(self.spark, silver)
        judged = between(self._table(self.tables.checked), JUDGED_AT, self._last.judged_until, until)
        rows = in_columns_of(silver_rows(judged, self.entity), self._table(silver))
        if seen:
            merge_latest(rows, silver, keys=self.entity.keys, version=VERSION)
        else:  # the table was just created: the first rows meet no others, the same result for a third of the time
            append_once(rows, silver, seen=seen)

    def _replace_checked(self, judged: DataFrame, *, since: int, seen: int) -> None:
        checked = self.tables.checked
        columns = self._table(checked).columns
        if since:
            rows = in_columns_of(judged, self._table(checked))
            replace_once(rows, checked, seen=seen, where=f"_ingested_at >= timestamp_micros({since})")
            return
        replace_once(judged, checked, seen=seen, partitioned_by=[VALID])
        if columns != judged.columns:
            renew_quarantine(self.spark, self.tables)

    def _entry(self, step: str, ingested_until: int, judged_until: int, rows: int) -> Entry:
        return Entry(step, self.tables.silver, self.definition, ingested_until, judged_until, rows)

    def _result(self, status: Status, new: NewRecords) -> Refined:
        changed: tuple[str, ...] = ()
        if status.definitions:
            earlier = self.history.parts(self.tables.silver, status.definitions)
            changes = [change for parts in earlier.values() for change in self.definition.changes_from(parts)]
            changed = tuple(dict.fromkeys(changes))
        return Refined(
            entity=self.entity.name,
            judged=new.rows,
            quarantined=new.invalid,
            arrived=0,
            outdated=status.outdated,
            changed=changed,
            waiting=status.waiting,
            table=self.tables.silver,
        )
