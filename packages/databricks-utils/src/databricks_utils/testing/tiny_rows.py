"""A few valid records for each declared source: from its sample files, or, without samples, found by trying values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from databricks_utils.testing.judged_records import Judged, judge_records, with_one_change
from databricks_utils.testing.landing import delivered_records, first_records

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

    from databricks_utils.medallion import Entity

    Record = Mapping[str, str | None]

_SAMPLE_ROWS = 2000  # of an entity that others need, so that their references are found
_TRIED = 200  # of any other
_VALUES = ("1", "2000", "2024-01-01T00:00:00Z", "2024-01-01", "A", "2", "B")
_ROUNDS = 6


@dataclass(frozen=True)
class TinyRows:
    """A few valid rows of one entity.

    Attributes:
        entity: The entity.
        records: Raw records, all valid, with different keys.
        needed: The rows of the entities that it needs, as its function gets them.
        silver: Its own rows: the columns of the entity, one row for each record.
    """

    entity: Entity
    records: tuple[Record, ...]
    needed: tuple[DataFrame, ...]
    silver: DataFrame


def tiny_rows(
    spark: SparkSession,
    entities: Iterable[Entity],
    *,
    samples: Path | None = None,
    given: Mapping[str, Sequence[Record]] | None = None,
    rows: int = 3,
) -> dict[str, TinyRows]:
    """Return a few valid rows of every entity; a new entity needs no entry in a list.

    The records come from `given`; else from the source's sample files; else values are tried in the declared columns (numbers, dates,
    short texts, and the keys of the entities that it needs) until every rule holds.

    Args:
        spark: A session.
        entities: All entities, e.g. `declared_in(package).entities`.
        samples: The folder of sample drops, with one folder for each source.
        given: Name of an entity → records, for an entity whose rules no tried values meet.
        rows: The largest number of records; of an entity that others need, up to 2,000 sample records.

    Returns:
        Name of the entity → its rows.

    Raises:
        AssertionError: No valid record was found; the message contains the rules that fail.
    """
    from databricks_utils.medallion.declaring.order import levels

    found: dict[str, TinyRows] = {}
    ordered = [entity for level in levels(tuple(entities)) for entity in level]
    referred = {name for entity in ordered for name in entity.required}
    for entity in ordered:
        needed = tuple(found[name].silver for name in entity.required)
        limit = _SAMPLE_ROWS if entity.name in referred else _TRIED
        records = (given or {}).get(entity.name) or (
            first_records(samples, entity.source, rows=limit) if samples else []
        )
        judged = judge_records(spark, entity, records, needed) if records else _tried(spark, entity, needed)
        valid = _different_keys(entity, (item for item in judged if item.valid))
        assert valid, f"no record of `{entity.name}` is valid; {_reasons(judged)}"
        kept = tuple(item.record for item in valid[: limit if entity.name in referred else rows])
        silver = entity.read(
            delivered_records(spark, entity.source, *kept), *needed[: len(entity.needs)]
        ).select(*entity.columns)
        found[entity.name] = TinyRows(entity, kept, needed, silver)
    return found


def _tried(spark: SparkSession, entity: Entity, needed: Sequence[DataFrame]) -> list[Judged]:
    """Return records with tried values: in each round, the change of one column that fails the fewest rules."""
    values = (*_VALUES, *_keys_of(needed))
    judged = judge_records(
        spark, entity, [dict.fromkeys(entity.source.columns, value) for value in values], needed
    )
    for _ in range(_ROUNDS):
        best = min(judged, key=lambda item: len(item.failed))
        changed = with_one_change([best.record], entity.source.columns, values)
        judged = [best, *judge_records(spark, entity, changed, needed)]
        if best.valid:
            break
    return judged


def _keys_of(needed: Sequence[DataFrame]) -> list[str]:
    return [
        str(value) for rows in needed for row in rows.limit(1).collect() for value in row if value is not None
    ]


def _different_keys(entity: Entity, judged: Iterable[Judged]) -> list[Judged]:
    first: dict[tuple[Any, ...], Judged] = {}
    for item in judged:
        first.setdefault(tuple(item.values[key] for key in entity.keys), item)
    return list(first.values())


def _reasons(judged: Sequence[Judged]) -> str:
    best = min(judged, key=lambda item: len(item.failed))
    return f"the best fails {', '.join(best.failed)}: {dict(best.record)}\n  fix: give a valid record: tiny_rows(…, given={{…}})"
