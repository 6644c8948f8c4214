"""What ingestion and transformation depend on, so that they end at once if nothing has changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from databricks_utils.catalog.table_states import table_states, view_states
from databricks_utils.context import Context
from databricks_utils.fingerprint import hash_of
from databricks_utils.medallion.bronze.register import TABLE as DELIVERIES
from databricks_utils.medallion.declaring.declarations import Derived, Entity
from databricks_utils.medallion.declaring.sources import Source
from databricks_utils.medallion.landing.files import folder_state
from databricks_utils.medallion.silver.definition import define, digest_of_checks
from databricks_utils.medallion.silver.judging import EntityTables
from databricks_utils.medallion.silver.progress import TABLE as PROGRESS
from databricks_utils.moments import as_micros
from databricks_utils.steps import Step, define_step

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


def ingestion_step(spark: SparkSession, context: Context, sources: Sequence[Source]) -> Step:
    """Return the step that loads the landing files of some sources: it reads their folders, and writes bronze."""
    written = [*_bronze(context, sources), context.table("ops", DELIVERIES)]
    return Step(
        f"ingest {_names(sources)}",
        define_step(context, parts=_declared(sources)),
        inputs=lambda: _landing(context, sources),
        outputs=lambda: table_states(spark, written),
    )


def transformation_step(
    spark: SparkSession, context: Context, entities: Sequence[Entity], derived: Sequence[Derived]
) -> Step:
    """Return the step that makes silver, quarantine and the derived tables from bronze, and counts their rows."""
    sources = tuple(dict.fromkeys(entity.source for entity in entities))
    tables = [EntityTables.of(context, entity) for entity in entities]
    read = [*_bronze(context, sources), context.table("ops", DELIVERIES)]
    written = [
        *(name for each in tables for name in (each.checked, each.silver)),
        *(context.table(table.layer, table.name) for table in derived),
        context.table("ops", PROGRESS),
    ]
    views = [each.quarantine for each in tables]
    parts = _declared(sources) | {f"entity {entity.name}": define(entity).digest for entity in entities}
    parts |= {
        f"table {table.name}": hash_of(repr((table.layer, table.needs, dict(table.by_month), *_ruled(table))))
        for table in derived
    }
    checked: list[Entity | Derived] = [*entities, *derived]
    parts |= {f"checks {table.name}": digest_of_checks(table.checks) for table in checked if table.checks}
    if any(table.by_month for table in derived):  # the date of a moment depends on it
        parts["session time zone"] = hash_of(str(spark.conf.get("spark.sql.session.timeZone")))
    return Step(
        f"transform {_names((*entities, *derived))}",
        define_step(context, code=[table.build for table in derived], parts=parts),
        # The accounts look at the landing folders too.
        inputs=lambda: {**_landing(context, sources), **table_states(spark, read)},
        outputs=lambda: {**table_states(spark, written), **view_states(spark, views)},
    )


def _ruled(table: Derived) -> list[object]:
    """What a contract adds to a derived table; nothing without one."""
    rules = [(rule.name, str(rule.expression), rule.severity.value) for rule in table.rules]
    return [*([rules] if rules else []), *([dict(table.promises.types)] if table.promises else [])]


def _names(declared: Iterable[Source | Entity | Derived]) -> str:
    return ", ".join(sorted(item.name for item in declared))


def _bronze(context: Context, sources: Sequence[Source]) -> list[str]:
    return [context.table("bronze", source.name) for source in sources]


def _declared(sources: Sequence[Source]) -> dict[str, str]:
    return {
        f"source {source.name}": hash_of(repr((source.columns, source.path, source.drift.value)))
        for source in sources
    }


def landing_of(source: Source) -> str:
    """Return the name of a source's landing files among the inputs of a step."""
    return f"the landing files of {source.name}"


def _landing(context: Context, sources: Sequence[Source]) -> dict[str, str]:
    listed = as_micros(datetime.now(UTC))
    return {
        landing_of(source): folder_state(context.landing / source.path, listed=listed) for source in sources
    }
