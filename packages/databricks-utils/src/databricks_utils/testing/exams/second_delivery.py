"""Show that a second delivery adds nothing twice: the same files, the same content under another name, a corrected record."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from databricks_utils.testing.judged_records import Judged, in_python, judge_records, with_one_change
from databricks_utils.testing.landing import write_drop
from databricks_utils.testing.tiny_rows import TinyRows

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

    from databricks_utils.context import Context

_VALUES = ("1", "2", "2000", "A", "B", "2024-01-01T00:00:00Z")


def assert_each_record_once(
    spark: SparkSession,
    context: Context,
    rows: Mapping[str, TinyRows],
    folder: Path,
    walk: Callable[[], object],
) -> None:
    """Deliver valid records twice, and assert that bronze and silver hold each record once, in its corrected form.

    The first delivery is one file for each source. The second leaves these files, adds the same content under another name, and
    adds a file with one corrected record: the first record with another value outside of its key.

    Args:
        spark: A session.
        context: The environment that `walk` writes to; its tables are empty.
        rows: Valid rows of every entity, from `tiny_rows`.
        folder: Where the files are delivered: the landing volume, or the folder of samples that `walk` delivers.
        walk: Loads the files up to silver; it is called twice.

    Raises:
        AssertionError: A record is missing or there twice, or a correction did not replace its row.
    """
    for each in rows.values():
        _deliver(folder, each, 1, each.records)
    walk()
    for name, each in rows.items():
        _expect(spark, context.table("bronze", each.entity.source.name), len(each.records), "one delivery")
        _expect(spark, context.table("silver", name), len(each.records), "one delivery")
    corrected = {name: found for name, each in rows.items() if (found := _correction(spark, each))}
    for name, each in rows.items():
        _deliver(folder, each, 2, each.records)
        if name in corrected:
            _deliver(folder, each, 3, [corrected[name].record])
    walk()
    for name, each in rows.items():
        more = len(each.records) + (name in corrected)
        _expect(spark, context.table("bronze", each.entity.source.name), more, "the second delivery")
        _expect(spark, context.table("silver", name), len(each.records), "the second delivery")
        if name in corrected:
            _expect_values(spark, context.table("silver", name), each, corrected[name].values)


def _deliver(folder: Path, rows: TinyRows, number: int, records: Any) -> None:  # noqa: ANN401 - records, whose NULLs are empty
    source = rows.entity.source
    named = dict(zip(source.columns, source.header, strict=True))
    texts = [{named.get(key, key): value or "" for key, value in record.items()} for record in records]
    write_drop(folder / source.path / f"{source.name}_{number}.csv", source.header, texts)


def _expect(spark: SparkSession, table: str, wanted: int, when: str) -> None:
    found = spark.table(table).count()
    assert found == wanted, f"after {when}, {table} has {found} rows instead of {wanted}"


def _correction(spark: SparkSession, rows: TinyRows) -> Judged | None:
    """Return the first record with another value outside of its key; None if no changed value is valid."""
    entity, first = rows.entity, rows.records[0]
    changed = with_one_change([first], entity.source.columns, _VALUES)
    original, *others = judge_records(spark, entity, [first, *changed], rows.needed)
    return next(
        (
            item
            for item in others
            if item.valid
            and item.values != original.values
            and all(item.values[key] == original.values[key] for key in entity.keys)
        ),
        None,
    )


def _expect_values(spark: SparkSession, table: str, rows: TinyRows, wanted: Mapping[str, Any]) -> None:
    keys, silver = rows.entity.keys, spark.table(table)
    found = [
        row.asDict()
        for row in silver.select(*in_python(silver, rows.entity.columns)).collect()
        if all(row[key] == wanted[key] for key in keys)
    ]
    assert found == [dict(wanted)], (
        f"{table} does not have the corrected row: {found} instead of {dict(wanted)}"
    )
