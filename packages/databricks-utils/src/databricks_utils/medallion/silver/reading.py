"""The values of a delivered record: read from its text as the source's types, and judged by the source's rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from databricks_utils.medallion.declaring.text_values import DELIVERED
from databricks_utils.quality import FAILURES, VALID, annotate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pyspark.sql import DataFrame

    from databricks_utils.medallion.declaring.declarations import Entity
    from databricks_utils.medallion.declaring.sources import Source

_FAILURES_BEFORE, _VALID_BEFORE = "_failures_as_delivered", "_valid_as_delivered"


def as_given(source: Source, records: DataFrame) -> DataFrame:
    """Return records as the function of an entity gets them: with the values of the source's types.

    Args:
        source: The source.
        records: Rows of bronze in the columns of `bronze.records`.

    Returns:
        Grain and columns of `records`: a delivered column has its type, NULL if the value is missing or unreadable; it is text if the
        source has no types. `_delivered` (struct) has the text of each.
    """
    from pyspark.sql import functions as F

    delivered = records.withColumn(DELIVERED, F.struct(*source.columns))
    values = {name: F.expr(sql) for name, sql in source.values.items()}
    return delivered.withColumns(values) if values else delivered


def read_and_judge(
    entity: Entity, records: DataFrame, needed: Sequence[DataFrame], *, existing: DataFrame | None = None
) -> DataFrame:
    """Read records by the types of their source and the function of their entity, and apply the rules of both.

    Args:
        entity: The entity.
        records: Rows of bronze in the columns of `bronze.records`.
        needed: The silver tables in `entity.required`.
        existing: The rows of silver that new ones are compared with; None: there are none.

    Returns:
        What the function returns, with `_delivered` (struct: the text of each delivered column), `_failures` (those of the source's rules
        first) and `_valid`.

    Raises:
        ColumnTypeError: The function makes a column otherwise than the contract of the entity promises.
    """
    from pyspark.sql import functions as F

    source, before = entity.source, {FAILURES: _FAILURES_BEFORE, VALID: _VALID_BEFORE}
    judged = annotate(as_given(source, records), source.rules).withColumnsRenamed(before)
    read = entity.read(judged, *needed[: len(entity.needs)])
    if entity.promises:
        entity.promises.check(read.schema, table=f"silver table `{entity.name}`", function=entity.read)
    tables = dict(zip(entity.required, needed, strict=True))
    tables[entity.name] = read.limit(0) if existing is None else existing
    rows = annotate(read, entity.rules, tables=tables)
    failures = F.concat(_FAILURES_BEFORE, FAILURES)
    if {rule.name for rule in source.rules} & {rule.name for rule in entity.rules}:
        failures = F.array_distinct(failures)
    both = {FAILURES: failures, VALID: F.col(_VALID_BEFORE) & F.col(VALID)}
    return rows.withColumns(both).drop(*before.values())
