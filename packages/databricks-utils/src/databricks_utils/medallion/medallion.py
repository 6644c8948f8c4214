"""`Medallion`: a project's sources and entities in one environment, and what can be done with them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from databricks_utils.context import Context
from databricks_utils.medallion.accounting import Account, account
from databricks_utils.medallion.bronze.ingestion import Ingested, ingest
from databricks_utils.medallion.declaring.declarations import Derived, Entity, Source, declared_in
from databricks_utils.medallion.declaring.order import check_needs
from databricks_utils.medallion.errors import DeclarationError
from databricks_utils.medallion.gold.derivation import derive
from databricks_utils.medallion.landing.samples import deliver
from databricks_utils.medallion.silver.refinement import Refined
from databricks_utils.medallion.silver.transformation import ALL, Transformation
from databricks_utils.observability import report_accounting, report_rows

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

MODES = ("refine", "judge_again", "rebuild")


class Medallion:
    """The machinery between landing files and silver tables.

    Every method may be called again after a crash, in any process: the state is in the tables, and the same call adds exactly
    what is missing. Each reports rows, tables and accounts to the run's record (`databricks_utils.observability`).

    Args:
        spark: A session that may read and write the layers it is used for.
        context: The environment.
        entities: The entities of silver.
        derived: Tables that are made from them.
        sources: Further sources, which end in bronze.

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
        self.entities, self.derived = tuple(entities), tuple(derived)
        self.sources = tuple(dict.fromkeys((*(entity.source for entity in entities), *sources)))
        tables: tuple[Entity | Derived, ...] = (*self.entities, *self.derived)
        _check_names("sources", [source.name for source in self.sources])
        _check_names("tables", [table.name for table in tables])
        _check_places(self.sources, self.entities, self.derived)
        check_needs(self.entities)
        check_needs(tables)

    @classmethod
    def of_package(cls, spark: SparkSession, context: Context, package: str) -> Medallion:
        """Return the medallion of everything that the modules of a package declare; see `declared_in`."""
        found = declared_in(package)
        return cls(spark, context, found.entities, derived=found.derived)

    def deliver(self, samples: Path) -> list[Path]:
        """Copy sample drops into the landing volume; stands in for a data provider.

        Args:
            samples: One folder a source, each with its files.

        Returns:
            The files that were copied: new ones, and those whose content has changed since.

        Raises:
            LandingFolderError: There is no such folder.
        """
        self._context.catalog.ensure_schemas(self._spark)
        return deliver(samples, self._context.landing)

    def ingest(self, *, only: Sequence[str] = (), now: datetime | None = None) -> list[Ingested]:
        """Load every new file of the sources into bronze; a file that was loaded before adds nothing.

        All new files are inspected before the first is loaded: one bad file stops the ingestion while nothing is written.

        Args:
            only: Names of sources; all by default.
            now: The time of this ingestion; the clock's by default.

        Returns:
            What was done, one item a source.

        Raises:
            LandingError: A folder or a file is unusable; several problems are raised together.
            BronzeMismatchError: Another ingestion wrote at the same moment.
        """
        self._context.catalog.ensure_schemas(self._spark)
        names = [source.name for source in self.sources]
        wanted = [source for source in self.sources if source.name in _chosen(only, names, "source")]
        ingested = ingest(self._spark, self._context, wanted, now=now)
        records = sum(item.records for item in ingested)
        report_rows(rows_in=records, rows_out=records, tables=[item.table for item in ingested])
        return ingested

    def refine(
        self, *, only: Sequence[str] = (), accept_quarantined: Iterable[str] = (), now: datetime | None = None
    ) -> list[Refined]:
        """Bring silver and quarantine up to what bronze holds.

        Records that an earlier definition judged stay as they are; they are counted in `Refined.outdated`, and
        `Refined.changed` names what differs.

        Args:
            only: Names of entities; all by default. What they need is read as it is.
            accept_quarantined: Names of entities whose invalid records are accepted, whatever their share; `all` for every one.
            now: The time of this transformation; the clock's by default.

        Returns:
            What was done, one item an entity.

        Raises:
            QuarantineShareError: Too many new records of an entity are invalid. They are in the quarantine; silver is as before.
            ColumnTypeError: A column has another type in the table than in the code.
            ConcurrentWriteError: Another transformation wrote at the same moment.
            LeftOutError: An entity's function left records out.
        """
        return _reported(self._transformation(only, accept_quarantined, now).refine())

    def judge_again(
        self, *, only: Sequence[str] = (), accept_quarantined: Iterable[str] = (), now: datetime | None = None
    ) -> list[Refined]:
        """Judge the quarantined records again under today's rules and tables, then refine.

        For records whose reason has gone: a needed row came later, a rule was wrong. Each arrives in silver once; a newer
        version of its key stays.

        Args:
            only: See `refine`.
            accept_quarantined: See `refine`.
            now: See `refine`.
        """
        return _reported(self._transformation(only, accept_quarantined, now).judge_again())

    def rebuild(
        self,
        *,
        since: datetime | None = None,
        only: Sequence[str] = (),
        accept_quarantined: Iterable[str] = (),
        now: datetime | None = None,
    ) -> list[Refined]:
        """Judge the records of bronze again under today's rules and code, and make silver anew from them.

        A rebuild that was killed is done again by the next call of any method that writes silver.

        Args:
            since: Only deliveries ingested from this moment on; all by default.
            only: See `refine`.
            accept_quarantined: See `refine`.
            now: See `refine`.
        """
        return _reported(self._transformation(only, accept_quarantined, now).rebuild(since))

    def run(self, mode: str = "", *, accept_quarantined: str = "", since: str = "") -> list[Refined]:
        """Transform as a job's parameters say.

        Args:
            mode: `refine`, `judge_again` or `rebuild`; empty: `refine`.
            accept_quarantined: Names of entities, separated by commas; see `refine`.
            since: For `rebuild`: an ISO date or moment, in UTC where it names no zone; empty: all deliveries.

        Raises:
            DeclarationError: There is no such mode, or `since` is no moment.
        """
        chosen = mode or MODES[0]
        if chosen not in MODES:
            raise DeclarationError(f"there is no mode `{mode}`", fix=f"use one of {', '.join(MODES)}")
        accepted = [name.strip() for name in accept_quarantined.split(",") if name.strip()]
        if chosen == "rebuild":
            return self.rebuild(since=_moment(since), accept_quarantined=accepted)
        if chosen == "judge_again":
            return self.judge_again(accept_quarantined=accepted)
        return self.refine(accept_quarantined=accepted)

    def derive(self) -> list[str]:
        """Make every derived table anew, each in one commit.

        Returns:
            The names of the tables.
        """
        tables = derive(self._spark, self._context, self.derived)
        report_rows(tables=tables)
        return tables

    def account(self) -> list[Account]:
        """Count the records of every entity in every layer.

        Returns:
            One item an entity; `item.balance()` raises where its numbers do not add up.
        """
        accounts = account(self._spark, self._context, self.entities)
        for item in accounts:
            report_accounting(**asdict(item))
        return accounts

    def _transformation(
        self, only: Sequence[str], accepted: Iterable[str], now: datetime | None
    ) -> Transformation:
        names = [entity.name for entity in self.entities]
        wanted = _chosen(only, names, "entity")
        accepting = frozenset(accepted)
        _chosen(sorted(accepting - {ALL}), names, "entity")
        entities = [entity for entity in self.entities if entity.name in wanted]
        return Transformation(self._spark, self._context, entities, accepting, now or datetime.now(UTC))


def _reported(refined: list[Refined]) -> list[Refined]:
    judged = sum(item.judged for item in refined)
    valid = judged - sum(item.quarantined for item in refined)
    report_rows(rows_in=judged, rows_out=valid, tables=[item.table for item in refined])
    return refined


def _chosen(only: Sequence[str], names: Sequence[str], kind: str) -> set[str]:
    unknown = [name for name in only if name not in names]
    if unknown:
        raise DeclarationError(
            f"there is no {kind} `{unknown[0]}`", fix=f"use one of {', '.join(sorted(names))}"
        )
    return set(only or names)


def _check_names(kind: str, names: Sequence[str]) -> None:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise DeclarationError(
            f"two {kind} are named `{twice[0]}`", fix="give one of them another name: name=…"
        )


def _check_places(sources: Sequence[Source], entities: Sequence[Entity], derived: Sequence[Derived]) -> None:
    """Refuse a table in the place of another one that the medallion writes."""
    taken = {("ops", "progress")}
    taken |= {("bronze", source.name) for source in sources}
    taken |= {("quarantine", entity.name) for entity in entities}
    taken |= {("silver", name) for entity in entities for name in (entity.name, f"{entity.name}_checked")}
    places = [(table.layer, table.name) for table in derived]
    checked = {f"{entity.name}_checked" for entity in entities}
    places += [("silver", entity.name) for entity in entities if entity.name in checked]
    for layer, name in places:
        if (layer, name) in taken:
            raise DeclarationError(
                f"`{layer}.{name}` is a table that the medallion keeps itself",
                fix="give it another name, or another layer",
            )


def _moment(text: str) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise DeclarationError(
            f"`since` is {text!r}", fix="write a date or moment, e.g. 2013-05-01"
        ) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
