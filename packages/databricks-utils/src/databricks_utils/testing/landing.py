"""Test files and records of a declared source, so that tests need not repeat its columns."""

from __future__ import annotations

import csv
import gzip
import io
import itertools
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

    from databricks_utils.medallion import Source


def write_drop(path: Path, header: Iterable[str], records: Iterable[Mapping[str, str] | str]) -> Path:
    """Write records as a CSV file with a header; compress it if the name ends in `.gz`.

    Args:
        path: The file; its folders are created.
        header: Column names, e.g. those of a source.
        records: Mappings from columns to values; a missing value is empty. Text is written unchanged as one line.
    """
    names = list(header)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(names)
    for record in records:
        if isinstance(record, str):
            text.write(f"{record}\n")
        else:
            writer.writerow([record.get(name, "") for name in names])
    path.parent.mkdir(parents=True, exist_ok=True)
    content = text.getvalue().encode()
    path.write_bytes(gzip.compress(content, mtime=0) if path.suffix == ".gz" else content)
    return path


def first_records(samples: Path, source: Source, *, rows: int = 1) -> list[dict[str, str]]:
    """Return the first records of a source's sample files; an empty list if there are no samples.

    Args:
        samples: The folder of sample drops, with one folder for each source.
        source: The source.
        rows: Number of records.
    """
    found: list[dict[str, str]] = []
    columns = dict(zip(source.header, source.columns, strict=True))
    for path in sorted((samples / source.path).glob("*.csv*")):
        content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        reader = csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
        found += [
            {
                columns.get(str(name).lower(), str(name).lower()): value or ""
                for name, value in record.items()
                if name
            }
            for record in itertools.islice(reader, rows - len(found))
        ]
    return found


def delivered_records(spark: SparkSession, source: Source, *records: Mapping[str, str | None]) -> DataFrame:
    """Return records as the function of an entity gets them, to test it.

    Args:
        spark: A session.
        source: The source.
        *records: Mappings from columns to texts; a missing value is NULL. `_corrupt_record` and `_extra` are allowed.

    Returns:
        One row for each record, in the columns of bronze; with the values of the source's types, or text if it has none.
    """
    from databricks_utils.medallion.silver.reading import as_given  # as below

    return as_given(source, bronze_records(spark, source, *records))


def bronze_records(spark: SparkSession, source: Source, *records: Mapping[str, str | None]) -> DataFrame:
    """Return records as bronze holds them, all text.

    Args:
        spark: A session.
        source: The source.
        *records: Mappings from columns to values; a missing value is NULL. `_corrupt_record` and `_extra` are allowed.

    Returns:
        One row for each record, in the columns of bronze.
    """
    from databricks_utils.medallion.bronze.records import (
        bronze_schema,
    )  # the pytest plugin imports this module in every run

    schema = bronze_schema(source)
    fixed: dict[str, object] = {
        "_source_file": "test.csv",
        "_file_sha256": "test",
        "_file_records": len(records),
    }
    rows = [
        tuple({**fixed, "_row": place, **record}.get(name) for name in schema.names)
        for place, record in enumerate(records)
    ]
    return spark.createDataFrame(rows, schema)
