"""Raw records as an entity reads and judges them, in memory: no table is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from databricks_utils.testing.landing import bronze_records

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame, SparkSession

    from databricks_utils.medallion import Entity

    Record = Mapping[str, str | None]


@dataclass(frozen=True)
class Judged:
    """One record, and what an entity makes of it.

    Attributes:
        record: The raw record.
        values: The columns of the entity; dates and timestamps as text, because Python's end with the year 9999.
        failed: The names of the rules that it fails, of every severity.
        valid: Whether it reaches silver.
    """

    record: Record
    values: Mapping[str, Any]
    failed: tuple[str, ...]
    valid: bool


def judge_records(
    spark: SparkSession, entity: Entity, records: Sequence[Record], needed: Sequence[DataFrame] = ()
) -> list[Judged]:
    """Return the records as the function and the rules of an entity judge them, in their order.

    Args:
        spark: A session.
        entity: Its function and rules are used.
        records: Mappings from columns to values; a missing value is NULL.
        needed: The rows of the entities that it needs or refers to, in the order of `Entity.required`.

    Raises:
        AssertionError: The function of the entity loses or multiplies records, or rows of a needed entity are missing.
    """
    from databricks_utils.medallion.silver.reading import read_and_judge
    from databricks_utils.quality import FAILURES, VALID

    assert len(needed) == len(entity.required), (
        f"`{entity.name}` needs the rows of {', '.join(entity.required) or 'no other entity'}; {len(needed)} were given"
    )
    judged = read_and_judge(entity, bronze_records(spark, entity.source, *records), needed)
    columns = [name for name in entity.columns if name != "_row"]
    rows = judged.select("_row", FAILURES, VALID, *in_python(judged, columns)).collect()
    places = sorted(row["_row"] for row in rows)
    assert places == list(range(len(records))), (
        f"`{entity.name}`: its function returns {len(rows)} rows for {len(records)} records; it must keep each record once"
    )
    return [
        Judged(
            records[row["_row"]],
            {name: row[name] for name in columns},
            tuple(failure["rule"] for failure in row[FAILURES]),
            row[VALID],
        )
        for row in sorted(rows, key=lambda row: int(row["_row"]))
    ]


def in_python(rows: DataFrame, names: Sequence[str]) -> list[Column]:
    """Return columns of some rows as `Judged.values` has them: with values that Python can hold.

    Args:
        rows: The rows.
        names: The columns.
    """
    from pyspark.sql import functions as F

    texts = {
        field.name
        for field in rows.schema
        if field.dataType.typeName() in {"date", "timestamp", "timestamp_ntz"}
    }
    return [F.col(name).cast("string").alias(name) if name in texts else F.col(name) for name in names]


def with_one_change(
    records: Sequence[Record], columns: Sequence[str], values: Sequence[str | None]
) -> list[dict[str, str | None]]:
    """Return each record with each value in each column: all records that differ in one column."""
    return [
        {**record, column: value}
        for record in records
        for column in columns
        for value in values
        if record.get(column) != value
    ]
