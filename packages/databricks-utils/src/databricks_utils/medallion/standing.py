"""Which sources and entities stand as the last run of a step left them, so that the next one need not look at their tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from databricks_utils.catalog.table_states import table_states, view_states
from databricks_utils.context import Context
from databricks_utils.medallion.accounting import Account
from databricks_utils.medallion.bronze.ingestion import Ingested
from databricks_utils.medallion.bronze.register import TABLE as DELIVERIES
from databricks_utils.medallion.declaring.declarations import Entity
from databricks_utils.medallion.declaring.order import levels
from databricks_utils.medallion.declaring.sources import Source
from databricks_utils.medallion.dependencies import landing_of
from databricks_utils.medallion.silver.judging import EntityTables
from databricks_utils.medallion.silver.progress import TABLE as PROGRESS
from databricks_utils.medallion.silver.refined import Refined
from databricks_utils.medallion.transformed import Transformed
from databricks_utils.steps import FinishedRun, Step
from databricks_utils.steps.earlier import earlier_result

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


@dataclass(frozen=True)
class Standing:
    """The results of the entities that stand, by the entity's name: what they would be if their tables were looked at again.

    Attributes:
        refined: Their results; nothing was judged.
        accounts: Their numbers of records.
    """

    refined: Mapping[str, Refined] = field(default_factory=dict)
    accounts: Mapping[str, Account] = field(default_factory=dict)

    def sources_of(self, entities: Sequence[Entity]) -> set[str]:
        """Return the names of the sources all of whose entities stand."""
        moved = {entity.source.name for entity in entities if entity.name not in self.refined}
        return {entity.source.name for entity in entities} - moved


def find_standing(
    spark: SparkSession, context: Context, entities: Sequence[Entity], step: Step, last: FinishedRun | None
) -> Standing:
    """Return what stands: nothing that makes the entity's rows has changed since the last finished transformation, nor the rows.

    An entity stands if the code, the configuration and all other entities are declared as they were, its landing files, bronze and
    its own tables are as they were, no file waits for an ingestion, and every entity that it needs stands.

    Args:
        spark: A session that may read the tables.
        context: The environment.
        entities: The entities.
        step: The transformation that begins.
        last: The last finished one.
    """
    result = earlier_result(last, step, Transformed)
    if last is None or result is None:
        return Standing()
    inputs = step.inputs()
    accounts = {item.source: item for item in result.accounts}
    candidates = [
        entity
        for entity in entities
        if _same(inputs, last.inputs, landing_of(entity.source), context.table("bronze", entity.source.name))
        and accounts[entity.name].files.is_complete
    ]
    if not candidates:
        return Standing()
    progress = context.table("ops", PROGRESS)
    tables = {entity.name: EntityTables.of(context, entity) for entity in candidates}
    written = [name for each in tables.values() for name in (each.checked, each.silver)]
    outputs = {
        **table_states(spark, [progress, *written]),
        **view_states(spark, [each.quarantine for each in tables.values()]),
    }
    if not _same(outputs, last.outputs, progress):  # also after an unfinished rebuild
        return Standing()
    unchanged = {
        name
        for name, each in tables.items()
        if _same(outputs, last.outputs, each.checked, each.silver, each.quarantine)
    }
    names = set(_with_needs(entities, unchanged))
    refined = {item.entity: item for item in result.again("").refined if item.entity in names}
    return Standing(refined, {name: accounts[name] for name in names})


def find_standing_sources(
    spark: SparkSession, context: Context, sources: Sequence[Source], step: Step, last: FinishedRun | None
) -> dict[str, Ingested]:
    """Return what stands: neither the landing files, bronze nor `ops.deliveries` have changed since the last finished ingestion.

    Args:
        spark: A session that may read the tables.
        context: The environment.
        sources: The sources.
        step: The ingestion that begins.
        last: The last finished one.

    Returns:
        Name of a source that stands → its result; nothing was loaded.
    """
    result = earlier_result(last, step, list[Ingested])
    if last is None or result is None:
        return {}
    inputs = step.inputs()
    bronze = {
        source.name: context.table("bronze", source.name)
        for source in sources
        if _same(inputs, last.inputs, landing_of(source))
    }
    deliveries = context.table("ops", DELIVERIES)
    outputs = table_states(spark, [deliveries, *bronze.values()]) if bronze else {}
    if not _same(outputs, last.outputs, deliveries):
        return {}
    unchanged = {name for name, table in bronze.items() if _same(outputs, last.outputs, table)}
    return {item.source: item.again() for item in result if item.source in unchanged}


def _with_needs(entities: Sequence[Entity], unchanged: set[str]) -> Iterator[str]:
    """Yield the entities that are unchanged and need only such ones."""
    found = set[str]()
    for level in levels(entities):
        for entity in level:
            if entity.name in unchanged and found.issuperset(entity.required):
                found.add(entity.name)
                yield entity.name


def _same(now: Mapping[str, str], then: Mapping[str, str], *names: str) -> bool:
    return all(name in now and now[name] == then.get(name) for name in names)
