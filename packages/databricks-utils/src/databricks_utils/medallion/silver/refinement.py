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

from databricks_utils.catalog.errors import ConcurrentWriteError
from databricks_utils.catalog.tables import (
    append_once,
    last_write,
    merge_latest,
    replace_once,
    update_rows,
)
from databricks_utils.context import Context
from databricks_utils.medallion.bronze.records import ROW_KEY
from databricks_utils.medallion.declaring.declarations import Entity
from databricks_utils.medallion.declaring.definition import Definition, define
from databricks_utils.medallion.errors import LeftOutError
from databricks_utils.medallion.moments import as_micros, as_moment
from databricks_utils.medallion.silver.checked import (
    NOTHING,
    NewRecords,
    Status,
    between,
    count_new,
    newest_ingestion,
    newest_moment,
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
from databricks_utils.medallion.silver.progress import FINISHED, STARTED, Entry, Progress, ProgressTable
from databricks_utils.quality import VALID, assert_quarantine_share

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession
    from pyspark.sql.types import StructType


@dataclass(frozen=True)
class Refined:
    """What one transformation did for an entity.

    Attributes:
        entity: Its name.
        judged: Records of deliveries that were accepted now, and records that were judged again.
        quarantined: The invalid ones among them.
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
        if self._last.unfinished is not None:
            return self.rebuild(self._last.unfinished)
        self._prepare()
        newest, written = newest_ingestion(self._bronze), last_write(self.spark, self.tables.checked)
        status = self._status()
        if newest > status.ingested:
            status = self._judge_new(status, until=newest, state=max(status.judged, written))
        if status.judged <= self._last.judged_until and newest <= self._last.ingested_until:
            return self._result(status), None
        pending = self._accept(after=self._last.ingested_until, until=newest)
        self._merge(until=status.judged)
        return self._result(status, pending), self._entry(step, newest, status.judged, pending.rows)

    def judge_again(self) -> tuple[Refined, Entry | None]:
        """Judge the quarantined records again, then refine: what is valid now arrives in silver."""
        if self._last.unfinished is not None:
            return self.rebuild(self._last.unfinished)
        self._prepare()
        before = self._status()
        if not before.quarantined:
            return self.refine()
        invalid = self._table(self.tables.checked).where(f"NOT {VALID}").select(*ROW_KEY)
        records = self._bronze.join(invalid, list(ROW_KEY), "left_semi")
        judged = self._judge(records, self._moment_after(before))
        # Only what is invalid still: a statement of a killed run may end after this one.
        rows = in_columns_of(judged, self._table(self.tables.checked))
        update_rows(rows, self.tables.checked, keys=ROW_KEY, where=f"NOT t.{VALID}")
        still = self._status().quarantined
        refined, entry = self.refine("judge_again")
        again = replace(
            refined,
            judged=refined.judged + before.quarantined,
            quarantined=refined.quarantined + still,
            arrived=before.quarantined - still,
        )
        return again, entry

    def rebuild(self, since: int = 0) -> tuple[Refined, Entry]:
        """Judge records of bronze again, replace them in the checked table, and make silver anew from that.

        Args:
            since: Deliveries ingested from this moment on, in microseconds since 1970; 0: all. Those that were not accepted
                yet are always among them.

        Raises:
            ConcurrentWriteError: Another transformation wrote at the same moment; the next one does this rebuild again.
        """
        tables, first = self.tables, min(since, self._last.ingested_until + 1) if since else 0
        ensure_tables(self.spark, tables, self.entity, self._schema)
        if first:
            evolve_tables(self.spark, tables, self.entity, self._schema)
        newest = newest_ingestion(self._bronze)
        written = last_write(self.spark, tables.checked)
        state = max(written, newest_moment(self._table(tables.checked), JUDGED_AT))
        judged_until = max(as_micros(self.now), self._last.judged_until + 1, state + 1)
        self.history.write([replace(self._entry(STARTED), since=first)], git_sha=self.context.git_sha)
        records = between(self._bronze, "_ingested_at", max(first - 1, 0), newest)
        self._replace_checked(self._judge(records, judged_until), first=first, state=state)
        pending = self._accept(after=max(first - 1, 0), until=newest)
        silver = silver_rows(self._table(tables.checked), self.entity)
        if not replace_once(silver, tables.silver, state=judged_until - 1):
            raise ConcurrentWriteError(tables.silver)
        entry = self._entry(FINISHED, newest, judged_until, pending.rows)
        return self._result(self._status(), pending), entry

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

    def _judge_new(self, status: Status, *, until: int, state: int) -> Status:
        """Append the judged records of the deliveries after those that the checked table holds; return its state then."""
        checked = self.tables.checked
        records = between(self._bronze, "_ingested_at", status.ingested, until)
        judged = in_columns_of(self._judge(records, self._moment_after(status)), self._table(checked))
        written = append_once(judged, checked, state=state)
        now = self._status()
        if now.ingested >= until:
            return now
        if not written:
            raise ConcurrentWriteError(checked)
        raise LeftOutError(
            f"{checked} lacks records of the last delivery: the function that types `{self.entity.name}` left them out",
            location=f"{self.entity.read.__module__}.{self.entity.read.__qualname__}",
            fix="let it return every record once (a left join instead of an inner one, no filter), then run with mode=rebuild",
        )

    def _accept(self, *, after: int, until: int) -> NewRecords:
        """Count the records of deliveries between two moments; refuse them where too many are invalid.

        Raises:
            QuarantineShareError: The share of invalid records is too great, and nobody accepted it.
        """
        pending = count_new(self._table(self.tables.checked), after=after, until=until)
        own = self.entity.max_quarantined_share
        maximum = self.context.config.quality.max_quarantined_share if own is None else own
        assert_quarantine_share(
            table=self.tables.silver,
            rows=pending.rows,
            quarantined=pending.invalid,
            maximum=1.0 if self.accepted else maximum,
            fix=f"look at `_failures` in {self.tables.quarantine}; deliver the files again, correct the rule, or\n"
            f"run the transformation once with accept_quarantined={self.entity.name}: silver then takes the valid ones",
        )
        return pending

    def _merge(self, *, until: int) -> None:
        silver = self.tables.silver
        judged = between(self._table(self.tables.checked), JUDGED_AT, self._last.judged_until, until)
        rows = in_columns_of(silver_rows(judged, self.entity), self._table(silver))
        # The first rows meet no others: the same result for a third of the time.
        if not self._last.judged_until and append_once(rows, silver, state=0):
            return
        merge_latest(rows, silver, keys=self.entity.keys, version=VERSION)

    def _replace_checked(self, judged: DataFrame, *, first: int, state: int) -> None:
        checked = self.tables.checked
        if first:
            rows = in_columns_of(judged, self._table(checked))
            written = replace_once(
                rows, checked, state=state, where=f"_ingested_at >= timestamp_micros({first})"
            )
        else:
            written = replace_once(judged, checked, state=state, partitioned_by=[VALID])
        renew_quarantine(self.spark, self.tables)
        if not written:
            raise ConcurrentWriteError(checked)

    def _entry(
        self, step: str, ingested_until: int | None = None, judged_until: int | None = None, rows: int = 0
    ) -> Entry:
        last = self._last
        return Entry(
            step,
            self.tables.silver,
            self.definition,
            last.ingested_until if ingested_until is None else ingested_until,
            last.judged_until if judged_until is None else judged_until,
            rows,
        )

    def _result(self, status: Status, pending: NewRecords = NOTHING) -> Refined:
        changed: tuple[str, ...] = ()
        if status.definitions:
            earlier = self.history.parts(self.tables.silver, status.definitions)
            changes = [change for parts in earlier.values() for change in self.definition.changes_from(parts)]
            changed = tuple(dict.fromkeys(changes))
        return Refined(
            entity=self.entity.name,
            judged=pending.rows,
            quarantined=pending.invalid,
            arrived=0,
            outdated=status.outdated,
            changed=changed,
            waiting=status.waiting,
            table=self.tables.silver,
        )
