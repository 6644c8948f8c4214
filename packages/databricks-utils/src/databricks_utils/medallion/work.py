"""What a call of `Medallion` works on: the entities that it asks for, their transformation and checks, and the report of what was done."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from databricks_utils.context import Context
from databricks_utils.medallion.accounting import Account, account
from databricks_utils.medallion.bronze.deliveries import Deliveries
from databricks_utils.medallion.bronze.register import read_deliveries
from databricks_utils.medallion.checking import check_tables
from databricks_utils.medallion.declaring.declarations import Derived, Entity
from databricks_utils.medallion.declaring.sources import Source
from databricks_utils.medallion.declaring.stages import Asked
from databricks_utils.medallion.errors import DeclarationError
from databricks_utils.medallion.reporting import note_refined, report_accounts, report_refined
from databricks_utils.medallion.silver.modes import chosen_mode, moment_of
from databricks_utils.medallion.silver.preview import Preview, preview
from databricks_utils.medallion.silver.refined import Refined
from databricks_utils.medallion.silver.transformation import ALL, Transformation
from databricks_utils.medallion.standing import Standing
from databricks_utils.medallion.warnings_of_checks import Warnings
from databricks_utils.quality import CheckFailedError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_NOTHING = Standing()


@dataclass(frozen=True)
class Work:
    """The work on the entities of a medallion in one environment.

    Attributes:
        spark: A session that may read and write the layers.
        context: The environment.
        entities: The entities of silver.
        derived: Tables that are made from the entities.
    """

    spark: SparkSession
    context: Context
    entities: tuple[Entity, ...]
    derived: tuple[Derived, ...]

    def transformation(
        self,
        only: Sequence[str],
        accepted: Iterable[str],
        now: datetime | None,
        standing: Standing = _NOTHING,
        found: list[Warnings] | None = None,
    ) -> Transformation:
        """Return the transformation of some entities, which has not begun.

        Args:
            only: Names of entities; all by default.
            accepted: Names of entities whose invalid records are accepted.
            now: The time of the transformation; by default the current time.
            standing: What stands; its entities are not transformed.
            found: Gets what the checks found that only warn.

        Raises:
            DeclarationError: There is no such entity.
        """
        names = [entity.name for entity in self.entities]
        wanted = chosen(only, names, "entity")
        accepting = frozenset(accepted)
        chosen(sorted(accepting - {ALL}), names, "entity")
        asked_for = [entity for entity in self.entities if entity.name in wanted]
        entities = [entity for entity in asked_for if entity.name not in standing.refined]
        needed = wanted.union(*(entity.required for entity in asked_for)) - {item.name for item in entities}
        deliveries = read_deliveries(
            self.spark, self.context, sources_of(asked_for), without_rows=standing.sources_of(asked_for)
        )
        warned = [] if found is None else found
        return Transformation(
            *(self.spark, self.context, entities, deliveries, accepting, now or datetime.now(UTC)),
            check=lambda asked: warned.append(self.check(asked, now)),
            only_checked=[entity for entity in self.entities if entity.name in needed],
        )

    def preview(self, only: Sequence[str]) -> list[Preview]:
        """Return what judging the quarantined records of some entities again would do.

        Args:
            only: Names of entities; all by default.

        Raises:
            DeclarationError: There is no such entity.
        """
        wanted = chosen(only, [entity.name for entity in self.entities], "entity")
        return [
            preview(self.spark, self.context, entity) for entity in self.entities if entity.name in wanted
        ]

    def in_mode(
        self,
        mode: str,
        accept_quarantined: str,
        since: str,
        standing: Standing = _NOTHING,
        found: list[Warnings] | None = None,
    ) -> tuple[list[Refined], Mapping[str, Deliveries]]:
        """Return the result of a mode, and the deliveries that it worked with; entities that stand are only checked.

        Args:
            mode: See `Medallion.run`.
            accept_quarantined: See `Medallion.run`.
            since: See `Medallion.run`.
            standing: What stands.
            found: Gets what the checks found that only warn.
        """
        name = chosen_mode(mode)
        first = moment_of(since) if name == "rebuild" else None
        accepted = [entity.strip() for entity in accept_quarantined.split(",") if entity.strip()]
        work = self.transformation((), accepted, None, standing, found)
        steps: dict[str, Callable[[Transformation], None]] = {
            "refine": Transformation.refine,
            "judge_again": Transformation.judge_again,
            "rebuild": lambda work: work.rebuild(first),
        }
        return self.done(work, steps[name], standing), work.deliveries

    def done(
        self, work: Transformation, step: Callable[[Transformation], None], standing: Standing = _NOTHING
    ) -> list[Refined]:
        """Do the work and return its results with those that stand; what is done is reported also if an error stops the rest."""
        refined = list(standing.refined.values())
        try:
            step(work)
        except CheckFailedError as error:
            note_refined(error, work.done)
            raise
        finally:
            refined = report_refined(sorted([*work.done, *refined], key=lambda item: item.entity))
        return refined

    def check(self, asked: Sequence[Asked], now: datetime | None = None) -> Warnings:
        """Check tables, and return what only warns."""
        others: tuple[Entity | Derived, ...] = (*self.entities, *self.derived)
        return check_tables(self.spark, self.context, asked, others=others, now=now)

    def account(self, deliveries: Mapping[str, Deliveries], standing: Standing = _NOTHING) -> list[Account]:
        """Count the records of the entities, and report them with those that stand."""
        moved = [entity for entity in self.entities if entity.name not in standing.accounts]
        accounts = [*account(self.spark, self.context, moved, deliveries), *standing.accounts.values()]
        accounts.sort(key=lambda item: item.source)
        report_accounts(accounts)
        return accounts


def sources_of(entities: Sequence[Entity]) -> tuple[Source, ...]:
    """Return the sources of entities, each once."""
    return tuple(dict.fromkeys(entity.source for entity in entities))


def chosen(only: Sequence[str], names: Sequence[str], kind: str) -> set[str]:
    """Return the names that are asked for; all if none is.

    Raises:
        DeclarationError: One of them does not exist.
    """
    unknown = [name for name in only if name not in names]
    if unknown:
        raise DeclarationError(
            f"there is no {kind} `{unknown[0]}`", fix=f"use one of {', '.join(sorted(names))}"
        )
    return set(only or names)
