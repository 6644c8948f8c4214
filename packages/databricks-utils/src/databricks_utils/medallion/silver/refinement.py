"""Bring one entity from bronze into silver and quarantine: new records, quarantined records again, or all records again.

There are two commits: the judged records are appended to the checked table, then the valid ones are merged into silver. If a file
was delivered again, the first one also removes the records of its earlier delivery, and a third one corrects silver. What is done
is read from the tables and from `ops.progress`, so that after a crash the same call adds exactly what is missing.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from databricks_utils.catalog.errors import ConcurrentWriteError
from databricks_utils.catalog.history import last_write
from databricks_utils.catalog.key_bounds import key_bounds
from databricks_utils.catalog.tables import append_once, merge_latest, replace_once
from databricks_utils.context import Context
from databricks_utils.medallion.bronze.deliveries import Deliveries, Replaced
from databricks_utils.medallion.bronze.records import ROW_KEY
from databricks_utils.medallion.declaring.declarations import Entity
from databricks_utils.medallion.errors import LeftOutError
from databricks_utils.medallion.silver.acceptance import NOTHING, Accepted, accept, count_pending
from databricks_utils.medallion.silver.checked import Status, between, newest_moment, read_status
from databricks_utils.medallion.silver.definition import Definition, define, digest_of_checks
from databricks_utils.medallion.silver.judging import (
    JUDGED_AT,
    ORIGIN,
    VERSION,
    EntityTables,
    in_columns_of,
    judge,
    needed_versions,
    prepare_tables,
    renew_quarantine,
    silver_rows,
)
from databricks_utils.medallion.silver.progress import FINISHED, STARTED, Entry, Progress, ProgressTable
from databricks_utils.medallion.silver.refined import Refined
from databricks_utils.medallion.silver.withdrawal import withdraw
from databricks_utils.moments import as_micros, as_moment
from databricks_utils.quality import VALID
from databricks_utils.quality.metrics import Measurement

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession
    from pyspark.sql.types import StructType


@dataclass(frozen=True)
class _Read:
    """The state that a transformation starts from.

    Attributes:
        deliveries: What was loaded into bronze.
        status: The checked table's state.
        written: The number of the checked table's last write; None if its history was not read. See `append_once`.
    """

    deliveries: Deliveries
    status: Status
    written: int | None = None

    @property
    def state(self) -> int:
        """The number of the newest write that is known; see `append_once`."""
        return max(self.status.judged, self.written or 0)


@dataclass(frozen=True)
class Refinement:
    """The work on one entity in one transformation.

    Attributes:
        spark: A session that may read bronze, and write silver and quarantine.
        context: The environment.
        entity: The entity.
        deliveries: What was loaded into bronze of the entity's source, when the transformation began.
        last: The last recorded state of the entity's table.
        history: The table `ops.progress`.
        accepted: True if invalid records are accepted, whatever their share.
        now: The time of the transformation.
        measured: Gets how many new records fail each rule.
        began: When the work began, as `time.monotonic` says.
    """

    spark: SparkSession
    context: Context
    entity: Entity
    deliveries: Deliveries
    last: Progress
    history: ProgressTable
    accepted: bool
    now: datetime
    measured: list[Measurement]
    began: float = field(default_factory=time.monotonic)

    def refine(self) -> tuple[Refined, Entry | None]:
        """Judge the records that the checked table lacks, and merge the valid ones.

        Returns:
            The result, and the row that records it; None if there was nothing to do.
        """
        if self.last.unfinished is not None:
            return self.rebuild(self.last.unfinished)
        made = self._prepare(add_missing=True)
        return self._continue("refine", _Read(self.deliveries, Status()) if made else self._read())

    def judge_again(self) -> tuple[Refined, Entry | None]:
        """Judge the quarantined records again, then refine: records that are valid now arrive in silver."""
        if self.last.unfinished is not None:
            return self.rebuild(self.last.unfinished)
        self._prepare(add_missing=True)
        before = self._read(from_history=True)
        if not before.status.quarantined:
            return self._continue("refine", before)
        self._replace_quarantined(before)
        after = self._read()
        refined, entry = self._continue("judge_again", after)
        again, still = before.status.quarantined, after.status.quarantined
        result = replace(
            refined,
            judged=refined.judged + again,
            quarantined=refined.quarantined + still,
            arrived=again - still,
        )
        return result, entry

    def rebuild(self, since: int = 0) -> tuple[Refined, Entry]:
        """Judge records of bronze again, replace them in the checked table, and replace silver.

        Args:
            since: Deliveries ingested from this moment on, in microseconds since 1970; 0: all. Deliveries that are not accepted
                yet are always included.

        Raises:
            ConcurrentWriteError: Another transformation wrote at the same moment; the next one repeats this rebuild.
        """
        tables, first = self.tables, min(since, self.last.ingested_until + 1) if since else 0
        self._prepare(add_missing=bool(first))
        deliveries = self.deliveries
        newest = deliveries.newest
        written = last_write(self.spark, tables.checked)
        state = max(written, newest_moment(self._table(tables.checked), JUDGED_AT))
        judged_until = max(as_micros(self.now), self.last.judged_until + 1, state + 1)
        self.history.write([replace(self._entry(STARTED), since=first)], git_sha=self.context.git_sha)
        before = max(first - 1, 0)
        replaced = deliveries.replaced_after(before)
        records = self._records(before, newest, replaced)
        kept = self._existing(replaced) if first else None
        if kept is not None:
            kept = kept.where(f"_ingested_at < timestamp_micros({first})")
        judged = self._judge(records, judged_until, existing=kept)
        self._replace_checked(judged, replaced, first=first, state=state)
        status = self._status(Replaced({}), accepted_until=before)
        accepted = self._accept(status, until=newest, rebuilds=True)
        silver = silver_rows(self._table(tables.checked), self.entity)
        if not replace_once(silver, tables.silver, state=judged_until - 1).succeeded():
            raise ConcurrentWriteError(tables.silver)
        entry = self._entry(FINISHED, newest, judged_until, accepted.rows)
        return self._result(status, accepted), entry

    @cached_property
    def tables(self) -> EntityTables:
        """The names of the entity's tables."""
        return EntityTables.of(self.context, self.entity)

    @cached_property
    def definition(self) -> Definition:
        """The definition of the entity's rows."""
        return define(self.entity)

    @property
    def _bronze(self) -> DataFrame:
        return self._table(self.tables.bronze)

    @cached_property
    def _versions(self) -> str:
        return needed_versions(self.spark, self.context, self.entity)

    @cached_property
    def _schema(self) -> StructType:
        return self._judge(self._bronze.limit(0), 0).schema

    def _table(self, name: str) -> DataFrame:
        return self.spark.table(name)

    def _prepare(self, *, add_missing: bool) -> bool:
        return prepare_tables(self.spark, self.tables, self.entity, self._schema, add_missing=add_missing)

    def _read(self, *, from_history: bool = False) -> _Read:
        """Read the checked table's state; the number of its last write, if that is asked for, before its rows."""
        written = last_write(self.spark, self.tables.checked) if from_history else None
        status = self._status(self.deliveries.replaced_after(self.last.ingested_until))
        return _Read(self.deliveries, status, written)

    def _continue(self, step: str, read: _Read) -> tuple[Refined, Entry | None]:
        """Judge and merge the records that came since a state was read."""
        newest, status, last = read.deliveries.newest, read.status, self.last
        if read.deliveries.newest_rows > status.ingested or status.stale:
            status = self._judge_new(read)
        if status.judged <= last.judged_until and newest <= last.ingested_until:
            return self._result(status), None
        accepted = self._accept(status, until=newest)
        self._merge(status)
        withdraw(self.spark, self.tables, self.entity, read.deliveries.replaced_after(last.ingested_until))
        judged_until = max(status.judged, last.judged_until)
        result = replace(self._result(status, accepted), superseded=read.status.stale)
        return result, self._entry(step, newest, judged_until, accepted.rows)

    def _records(self, after: int, until: int, replaced: Replaced) -> DataFrame:
        """Return the rows of bronze that were ingested after a moment, and that no later delivery has replaced."""
        new = between(self._bronze, "_ingested_at", self.deliveries.first_after(after), until)
        return new.where(f"NOT {replaced.condition()}")

    def _judge(self, bronze: DataFrame, judged_at: int, *, existing: DataFrame | None = None) -> DataFrame:
        versions = self._versions  # before the tables are read
        needed = [self._table(self.context.table("silver", name)) for name in self.entity.required]
        digest = self.definition.digest
        return judge(
            self.entity,
            bronze,
            needed,
            digest=digest,
            versions=versions,
            judged_at=as_moment(judged_at),
            run_id=self.context.run_id,
            existing=existing,
        )

    def _existing(self, replaced: Replaced) -> DataFrame | None:
        """Return the rows that new ones are compared with: those of silver and those that will be merged, without withdrawn ones."""
        if not self.entity.compares_with_today:
            return None
        columns = [*self.entity.columns, *ORIGIN]
        judged = self._table(self.tables.checked).where(
            f"{VALID} AND unix_micros({JUDGED_AT}) > {self.last.judged_until}"
        )
        there = self._table(self.tables.silver).select(*columns).unionByName(judged.select(*columns))
        return there.where(f"NOT {replaced.condition()}")

    def _status(self, replaced: Replaced, *, accepted_until: int | None = None) -> Status:
        return read_status(
            self.spark,
            self.tables.checked,
            digest=self.definition.digest,
            versions=self._versions,
            progress=self.last
            if accepted_until is None
            else replace(self.last, ingested_until=accepted_until),
            replaced=replaced,
        )

    def _moment_after(self, status: Status) -> int:
        """Return this transformation's time; if a clock went back, a time just after the newest judgement."""
        return max(as_micros(self.now), status.judged + 1, self.last.judged_until + 1)

    def _judge_new(self, read: _Read) -> Status:
        """Append the judged records of the files that the checked table lacks, and remove those of replaced deliveries.

        Returns:
            The table's state after that.
        """
        checked, deliveries, status = self.tables.checked, read.deliveries, read.status
        unaccepted = deliveries.replaced_after(self.last.ingested_until)
        replaced = deliveries.replaced_after(min(status.ingested, self.last.ingested_until))
        records = self._records(status.ingested, deliveries.newest, replaced)
        existing = self._existing(unaccepted)
        judged = self._judge(records, self._moment_after(status), existing=existing)
        judged = in_columns_of(judged, self._table(checked))
        state = read.state
        if status.stale:
            new = f"_ingested_at > timestamp_micros({status.ingested})"
            attempt = replace_once(judged, checked, state=state, where=f"{new} OR {unaccepted.condition()}")
        else:
            attempt = append_once(judged, checked, state=state)
        now = self._status(unaccepted)
        if now.ingested >= deliveries.newest_rows and not now.stale:
            return now
        if not attempt.succeeded():
            if (
                read.written is None
            ):  # the newest rows may have been deleted: once more, with the number of the history
                return self._judge_new(self._read(from_history=True))
            raise ConcurrentWriteError(checked)
        raise LeftOutError(
            f"{checked} lacks records of the last delivery: the function that types `{self.entity.name}` left them out",
            location=f"{self.entity.read.__module__}.{self.entity.read.__qualname__}",
            fix="let it return every record once (a left join instead of an inner one, no filter), then run with mode=rebuild",
        )

    def _accept(self, status: Status, *, until: int, rebuilds: bool = False) -> Accepted:
        counts = count_pending(self._table(self.tables.checked), self.entity, status, until=until)
        if counts:
            seconds = time.monotonic() - self.began
            contracts = ", ".join(self.entity.contracts)
            self.measured.append(
                Measurement(
                    *(self.tables.silver, counts, seconds, contracts, self.definition.digest),
                    declared=digest_of_checks(self.entity.checks),
                )
            )
        return accept(
            *(self.context, self.entity, status, counts),
            until=until,
            in_any_case=self.accepted,
            rebuilds=rebuilds,
        )

    def _merge(self, status: Status) -> None:
        """Merge what was judged since the last transformation, as far as the status knows it: no later write has such a moment."""
        if status.unmerged is None:
            return
        silver = self.tables.silver
        judged = between(self._table(self.tables.checked), JUDGED_AT, status.unmerged, status.judged)
        rows = in_columns_of(silver_rows(judged, self.entity), self._table(silver))
        # An empty table needs no MERGE; an append takes a third of the time.
        if not self.last.judged_until and append_once(rows, silver, state=0).succeeded():
            return
        within = key_bounds(judged.where(VALID), self.entity.keys)
        if within is not None:
            merge_latest(rows, silver, keys=self.entity.keys, version=VERSION, within=within)

    def _replace_checked(self, judged: DataFrame, replaced: Replaced, *, first: int, state: int) -> None:
        checked = self.tables.checked
        if first:
            rows = in_columns_of(judged, self._table(checked))
            where = f"_ingested_at >= timestamp_micros({first}) OR {replaced.condition()}"
            attempt = replace_once(rows, checked, state=state, where=where)
        else:
            attempt = replace_once(judged, checked, state=state, partitioned_by=[VALID])
        renew_quarantine(self.spark, self.tables)
        if not attempt.succeeded():
            raise ConcurrentWriteError(checked)

    def _replace_quarantined(self, read: _Read) -> None:
        """Judge the quarantined records again; every one of them stays in the checked table, valid or not.

        A replacement, because only such a write is refused if an append was first: then no judgement has an earlier moment than the
        newest one that another transformation has seen, also if the statement of a killed run ends after it.
        """
        checked, moment = self._table(self.tables.checked), self._moment_after(read.status)
        invalid, key = checked.where(f"NOT {VALID}"), list(ROW_KEY)
        records = self._bronze.join(invalid.select(*key), key, "left_semi")
        existing = self._existing(self.deliveries.replaced_after(self.last.ingested_until))
        judged = in_columns_of(self._judge(records, moment, existing=existing), checked)
        left_out = invalid.join(judged.select(*key), key, "left_anti")
        where = f"NOT {VALID} OR {JUDGED_AT} = timestamp_micros({moment})"
        rows = judged.unionByName(left_out.select(*judged.columns))
        if not replace_once(rows, self.tables.checked, state=read.state, where=where).succeeded():
            raise ConcurrentWriteError(self.tables.checked)

    def _entry(
        self, step: str, ingested_until: int | None = None, judged_until: int | None = None, rows: int = 0
    ) -> Entry:
        last = self.last
        return Entry(
            step,
            self.tables.silver,
            self.definition,
            last.ingested_until if ingested_until is None else ingested_until,
            last.judged_until if judged_until is None else judged_until,
            rows,
        )

    def _result(self, status: Status, accepted: Accepted = NOTHING) -> Refined:
        changed: tuple[str, ...] = ()
        if status.definitions:
            earlier = self.history.parts(self.tables.silver, status.definitions)
            changes = [change for parts in earlier.values() for change in self.definition.changes_from(parts)]
            changed = tuple(dict.fromkeys(changes))
        return Refined(
            entity=self.entity.name,
            judged=accepted.rows,
            quarantined=accepted.invalid,
            arrived=0,
            outdated=status.outdated,
            changed=changed,
            waiting=status.waiting,
            table=self.tables.silver,
            failed=dict(accepted.failed),
        )
