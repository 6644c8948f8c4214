"""`Medallion`: the sources and entities of a project in one environment, and the steps that make their tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from databricks_utils.context import Context
from databricks_utils.medallion.accounting import Account
from databricks_utils.medallion.bronze.ingestion import Ingested, ingest
from databricks_utils.medallion.bronze.register import read_deliveries
from databricks_utils.medallion.checking import asked_of, check_queries
from databricks_utils.medallion.declaring.declarations import Derived, Entity, declared_in
from databricks_utils.medallion.declaring.sources import Source
from databricks_utils.medallion.declaring.together import check_together
from databricks_utils.medallion.dependencies import ingestion_step, transformation_step
from databricks_utils.medallion.gold.derivation import derive
from databricks_utils.medallion.landing.samples import deliver
from databricks_utils.medallion.reporting import report_accounts, report_refined
from databricks_utils.medallion.silver.modes import MODES, chosen_mode
from databricks_utils.medallion.silver.preview import Preview
from databricks_utils.medallion.silver.refined import Refined
from databricks_utils.medallion.silver.transformation import Transformation
from databricks_utils.medallion.standing import find_standing, find_standing_sources
from databricks_utils.medallion.transformed import Transformed
from databricks_utils.medallion.warnings_of_checks import Warnings
from databricks_utils.medallion.work import Work, chosen, sources_of
from databricks_utils.nearest import listing
from databricks_utils.observability import report_note, report_rows
from databricks_utils.steps import StepRegister, run_step
from databricks_utils.steps.earlier import earlier_result

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


class Medallion:
    """Loads landing files into bronze, silver and quarantine.

    Every method may be called again after a crash, in any process: the state is in the tables, and the same call adds exactly
    what is missing. Each method reports rows, tables and accounts to the record of the run (`databricks_utils.observability`).

    Args:
        spark: A session that may read and write the layers that the called methods need.
        context: The environment.
        entities: The entities of silver.
        derived: Tables that are made from the entities.
        sources: Sources without an entity; they are loaded into bronze.

    Raises:
        DeclarationError: Two tables or sources share a name, a needed table is missing, or they need each other in a circle.
    """

    def __init__(
        self,
        spark: SparkSession,
        context: Context,
        entities: Sequence[Entity],
        *,
        derived: Sequence[Derived] = (),
        sources: Sequence[Source] = (),
    ) -> None:
        self._spark, self._context = spark, context
        self._has_schemas = False
        self.entities, self.derived = tuple(entities), tuple(derived)
        self.sources = tuple(dict.fromkeys((*sources_of(entities), *sources)))
        check_together(self.sources, self.entities, self.derived)
        check_queries(self.entities, self.derived)
        self._work = Work(spark, context, self.entities, self.derived)

    @classmethod
    def of_package(cls, spark: SparkSession, context: Context, package: str) -> Medallion:
        """Return the medallion of everything that the modules of a package declare; see `declared_in`."""
        found = declared_in(package)
        return cls(spark, context, found.entities, derived=found.derived, sources=found.sources)

    def deliver(self, samples: Path) -> list[Path]:
        """Copy sample files into the landing volume, in place of a data provider.

        Args:
            samples: A folder with one folder of files for each source.

        Returns:
            The files that were copied: new files, and files that have changed since they were copied.

        Raises:
            LandingFolderError: The folder does not exist.
        """
        self._ensure_schemas()
        return deliver(samples, self._context.landing)

    def ingest(self, *, only: Sequence[str] = (), now: datetime | None = None) -> list[Ingested]:
        """Load every new file of the sources into bronze; a file that was loaded before adds nothing.

        If neither the landing folders nor bronze, the code or the configuration have changed since the last ingestion, it ends
        at once; see `databricks_utils.steps`.

        A source without any file has delivered nothing yet, which is no error: its bronze table is empty, and `Ingested.advice` names
        its folder.

        All new files are inspected before the first one is loaded: one bad file stops the ingestion before anything is written.

        Args:
            only: Names of sources; all by default.
            now: The time of this ingestion, by default the current time; without a time zone it is in UTC.

        Returns:
            The result, one item for each source.

        Raises:
            LandingError: A folder or a file cannot be used; several problems are raised together.
            BronzeMismatchError: Another ingestion wrote at the same moment.
        """
        spark, context = self._spark, self._context
        self._ensure_schemas()
        names = [source.name for source in self.sources]
        wanted = [source for source in self.sources if source.name in chosen(only, names, "source")]
        register, step = StepRegister(spark, context), ingestion_step(spark, context, wanted)
        step = replace(step, inputs=cache(step.inputs))

        def work() -> list[Ingested]:
            standing = find_standing_sources(spark, context, wanted, step, register.last(step.name))
            moved = [source for source in wanted if source.name not in standing]
            results = standing | {item.source: item for item in ingest(spark, context, moved, now=now)}
            return [results[source.name] for source in wanted]

        outcome = run_step(register, step, work, list[Ingested])
        ingested = [item.again() for item in outcome.result] if outcome.unchanged else outcome.result
        report_note(outcome.unchanged)
        if waiting := [item.source for item in ingested if item.advice]:
            report_note(f"nothing delivered yet for {listing(waiting)} below {self._context.landing}")
        records = sum(item.records for item in ingested)
        report_rows(rows_in=records, rows_out=records, tables=[item.table for item in ingested])
        return ingested

    def refine(
        self, *, only: Sequence[str] = (), accept_quarantined: Iterable[str] = (), now: datetime | None = None
    ) -> list[Refined]:
        """Judge the new records of bronze, and write them to silver and quarantine.

        Records that an earlier definition judged stay unchanged; `Refined.outdated` is their number, and `Refined.changed` names
        the differences.

        Args:
            only: Names of entities; all by default. Tables that they need are read as they are.
            accept_quarantined: Names of entities whose invalid records are accepted, whatever their share; `all` means every entity.
            now: The time of this transformation, by default the current time; without a time zone it is in UTC.

        Returns:
            The result, one item for each entity.

        Raises:
            QuarantineShareError: Too many new records of an entity are invalid. They are in quarantine; silver is unchanged.
            ColumnTypeError: A column has another type in the table than in the code.
            ConcurrentWriteError: Another transformation wrote at the same moment.
            LeftOutError: An entity's function left records out.
            CheckFailedError: A check of a table fails, also of one that is needed and not among `only`. Its new records have arrived,
                and nothing is made of it.
        """
        work = self._work.transformation(only, accept_quarantined, now)
        return self._work.done(work, Transformation.refine)

    def judge_again(
        self, *, only: Sequence[str] = (), accept_quarantined: Iterable[str] = (), now: datetime | None = None
    ) -> list[Refined]:
        """Judge the quarantined records again under today's rules and tables, then refine.

        Use it if a needed row came later, or if a rule was wrong. Each record that is valid now is added to silver once; it does
        not replace a newer version of its key.

        Args:
            only: See `refine`.
            accept_quarantined: See `refine`.
            now: See `refine`.
        """
        work = self._work.transformation(only, accept_quarantined, now)
        return self._work.done(work, Transformation.judge_again)

    def preview(self, *, only: Sequence[str] = ()) -> list[Preview]:
        """Return what `judge_again` would do now; nothing is written.

        Args:
            only: See `refine`.
        """
        return self._work.preview(only)

    def rebuild(
        self,
        *,
        since: datetime | None = None,
        only: Sequence[str] = (),
        accept_quarantined: Iterable[str] = (),
        now: datetime | None = None,
    ) -> list[Refined]:
        """Judge the records of bronze again under today's rules and code, and replace silver.

        If a rebuild was killed, the next call of any method that writes silver repeats it.

        Args:
            since: Only files that were ingested at this moment or later, by default all; without a time zone it is in UTC.
                Compare it with `_ingested_at` in bronze, not with dates in the data.
            only: See `refine`.
            accept_quarantined: See `refine`.
            now: See `refine`.
        """
        work = self._work.transformation(only, accept_quarantined, now)
        return self._work.done(work, lambda work: work.rebuild(since))

    def run(self, mode: str = "", *, accept_quarantined: str = "", since: str = "") -> list[Refined]:
        """Call `refine`, `judge_again` or `rebuild` with the parameters of a job.

        Args:
            mode: `refine`, `judge_again` or `rebuild`; empty: `refine`.
            accept_quarantined: Names of entities, separated by commas; see `refine`.
            since: For `rebuild`: an ISO date or moment, e.g. `2026-06-01` or `2026-06-01T06:00+02:00`; without a time zone it is
                in UTC, and a date is its 00:00. Empty: all files.

        Raises:
            DeclarationError: There is no such mode, or `since` is not an ISO date or moment.
        """
        return self._work.in_mode(mode, accept_quarantined, since)[0]

    def transform(self, mode: str = "", *, accept_quarantined: str = "", since: str = "") -> Transformed:
        """Refine, derive and count: everything between bronze and the accounts.

        If neither bronze nor the tables, the code or the configuration have changed since the last transformation, it ends at once
        with that one's accounts; see `databricks_utils.steps`. The modes `judge_again` and `rebuild` always work.

        Args:
            mode: See `run`.
            accept_quarantined: See `run`.
            since: See `run`.

        Raises:
            MedallionError: See `run`. `Transformed.balance` raises if the accounts do not add up.
        """
        spark, context, register = self._spark, self._context, StepRegister(self._spark, self._context)
        always = chosen_mode(mode) != MODES[0]
        step = transformation_step(spark, context, self.entities, self.derived)
        step = replace(step, inputs=cache(step.inputs))

        def work() -> Transformed:
            last = None if always else register.last(step.name)
            standing = find_standing(spark, context, self.entities, step, last)
            found = list[Warnings]()
            refined, deliveries = self._work.in_mode(mode, accept_quarantined, since, standing, found)
            earlier = earlier_result(last, step, Transformed)
            made = earlier.derived if earlier else ()
            derived = derive(
                *(spark, context, self.derived, made),
                check=lambda level: found.append(self._work.check(asked_of(level))),
            )
            report_rows(tables=[item.table for item in derived])
            accounts = tuple(self._work.account(deliveries, standing))
            return Transformed(tuple(refined), tuple(derived), accounts, warnings=Warnings.together(found))

        outcome = run_step(register, step, work, Transformed, always=always)
        if not outcome.unchanged:
            return replace(outcome.result, reasons=outcome.reasons)
        again = self._work.check(asked_of((*self.entities, *self.derived), only_of_time=True))
        transformed = outcome.result.again(outcome.unchanged, again)
        report_note(outcome.unchanged)
        report_refined(list(transformed.refined))
        report_rows(tables=[item.table for item in transformed.derived])
        report_accounts(transformed.accounts)
        return transformed

    def derive(self) -> list[str]:
        """Replace every derived table, each in one commit.

        Returns:
            The names of the tables.

        Raises:
            CheckFailedError: A check of a table fails; nothing was made of it.
        """
        made = derive(
            self._spark, self._context, self.derived, check=lambda level: self._work.check(asked_of(level))
        )
        tables = [item.table for item in made]
        report_rows(tables=tables)
        return tables

    def account(self) -> list[Account]:
        """Count the records of every entity in every layer.

        Returns:
            One item for each entity; `item.balance()` raises an error if its numbers do not add up.
        """
        return self._work.account(read_deliveries(self._spark, self._context, sources_of(self.entities)))

    def _ensure_schemas(self) -> None:
        if not self._has_schemas:
            self._context.catalog.ensure_schemas(self._spark)
            self._has_schemas = True
