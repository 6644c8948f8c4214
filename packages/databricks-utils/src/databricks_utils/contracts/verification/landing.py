"""Check the files of a landing folder against a contract: their columns, whether each text can be read as its type, the rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from databricks_utils.contracts.data_files.finding import DataFiles, find_data_files
from databricks_utils.contracts.data_files.rows import (
    CORRUPT,
    FILE,
    FileRows,
    count_lines,
    csv_rows,
    json_rows,
    parquet_rows,
)
from databricks_utils.contracts.data_files.text_files import inspect_csv, inspect_json_lines
from databricks_utils.contracts.data_files.typed_text import NESTED, typed
from databricks_utils.contracts.errors import DataFileError
from databricks_utils.contracts.read_schema import fields_of
from databricks_utils.contracts.table_settings import is_delimiter
from databricks_utils.contracts.types.literals import TEXTS
from databricks_utils.contracts.types.spark_types import Field
from databricks_utils.contracts.verification.json_types import misfit, text_schema
from databricks_utils.contracts.verification.judged_rows import Judged
from databricks_utils.contracts.verification.promises import Promised
from databricks_utils.contracts.verification.result import TableResult
from databricks_utils.contracts.verification.structure import differences, differing
from databricks_utils.contracts.verification.tables import Found, verify_rows
from databricks_utils.medallion.declaring.text_values import present
from databricks_utils.quality import Rule
from databricks_utils.quality.spark_sql.messages import message_of
from databricks_utils.quoting import quote_part
from databricks_utils.spark_failures import spark_failures

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


@dataclass(frozen=True)
class _Read:
    """The rows of text files.

    Attributes:
        rows: The rows, with at least those columns of the contract that can be read.
        names: All columns of the files.
        wrong: Columns that cannot be of the contract's type, in lower case, each with a line about it.
        lacking: A line for each column that some files lack.
    """

    rows: FileRows
    names: tuple[str, ...]
    wrong: Mapping[str, str]
    lacking: tuple[str, ...] = ()


def verify_landing(spark: SparkSession, promise: Promised, folder: Path, *, scheme: str = "") -> TableResult:
    """Return whether the files of a folder keep to a contract. A key must be unique in each file: a later one may bring it again.

    Args:
        spark: A session, classic or Connect.
        promise: The table of the contract.
        folder: The folder with the files.
        scheme: What Spark needs before a path of this machine, e.g. `file:`.
    """
    file, name = promise.contract.file, str(folder)
    visible = [path for path in folder.iterdir() if path.name[:1] not in "._"] if folder.is_dir() else []
    if not visible:
        return TableResult(name, file, "skipped", "nothing is delivered there yet")
    try:
        files = find_data_files(folder)
        if files.kind == "parquet":
            return _parquet(spark, promise, _named(promise, parquet_rows(spark, files, scheme=scheme)), name)
        read = _csv if files.kind == "csv" else _json
        return _texts(spark, promise, read(spark, promise, files, scheme), name)
    except DataFileError as error:
        where = f" ({error.location})" if error.location else ""
        return TableResult(name, file, "failed", f"{error.summary}{where}", error.fix or "")
    except spark_failures() as error:
        reason = message_of(error).partition("\n")[0][:300]
        return TableResult(name, file, "failed", reason, "correct the files, or the contract")


def _parquet(spark: SparkSession, promise: Promised, found: FileRows, name: str) -> TableResult:
    fields, _ = fields_of(found.frame.select(*map(quote_part, found.names)).schema)
    columns = promise.table.columns
    hard, _ = differences(columns, fields)
    return verify_rows(
        spark, promise, Found(name, found.frame, hard, absent=differing(columns, fields), within=FILE)
    )


def _csv(spark: SparkSession, promise: Promised, files: DataFiles, scheme: str) -> _Read:
    delimiter = _delimiter(promise)
    texts = [inspect_csv(file, delimiter=delimiter) for file in files.files]
    rows = _named(promise, csv_rows(spark, texts, scheme=scheme))
    nested = {
        column.name.lower(): f"column `{column.name}`: {column.type.sql()} in the contract, which a field of CSV cannot hold"
        for column in promise.table.columns
        if column.type.name in NESTED
    }
    lacking = (
        f"column `{name}`: {len(lack)} files lack it: {', '.join(lack[:3])}"
        for name, lack in rows.partial.items()
    )
    return _Read(rows, rows.names, nested, tuple(lacking))


def _named(promise: Promised, rows: FileRows) -> FileRows:
    """The rows of files with the names that the contract's columns have here."""
    return rows.renamed({header.lower(): name for name, header in promise.table.headers.items()})


def _delimiter(promise: Promised) -> str | None:
    """What separates fields: as the table says, or a server with CSV; other values of `delimiter` there are about JSON."""
    of_servers = (
        item.delimiter
        for item in promise.contract.document.servers or []
        if (item.format or "").lower() == "csv" and is_delimiter(item.delimiter)
    )
    return promise.table.settings.delimiter or next(of_servers, None)


def _json(spark: SparkSession, promise: Promised, files: DataFiles, scheme: str) -> _Read:
    for file in files.files:
        inspect_json_lines(file)
    as_they_are = json_rows(spark, files, scheme=scheme)
    own = _named(promise, as_they_are)
    fields, _ = fields_of(own.frame.select(*map(quote_part, own.names)).schema)
    there = {field.name.lower(): field for field in fields}
    columns = [column for column in promise.table.columns if column.name.lower() in there]
    wrong = dict[str, str]()
    for column in _misfits(own, columns, there):
        found = there[column.name.lower()].type.sql()
        wrong[column.name.lower()] = (
            f"column `{column.name}`: {column.type.sql()} in the contract, {found} in the files"
        )
    # Nothing is left to read if no column fits; then all of it as Spark finds it does no harm.
    keys = dict(zip(own.names, as_they_are.names, strict=True))
    wanted = [
        Field(keys[there[column.name.lower()].name], column.type)
        for column in columns
        if column.name.lower() not in wrong
    ]
    read = json_rows(spark, files, scheme=scheme, schema=text_schema(wanted)) if wanted else as_they_are
    rows = _named(promise, read)
    return _Read(rows, own.names, wrong)


def _misfits(rows: FileRows, columns: Sequence[Field], there: Mapping[str, Field]) -> list[Field]:
    """The columns of a contract that have a value which cannot be of their type."""
    conditions = [
        misfit(column.type, found.type, quote_part(found.name))
        for column in columns
        for found in [there[column.name.lower()]]
    ]
    asked = [(column, condition) for column, condition in zip(columns, conditions, strict=True) if condition]
    if not asked:
        return []
    counts = [f"count_if({condition}) AS n{at}" for at, (_, condition) in enumerate(asked)]
    (row,) = rows.frame.selectExpr(*counts).collect()
    return [column for at, (column, _) in enumerate(asked) if row[f"n{at}"]]


def _texts(spark: SparkSession, promise: Promised, read: _Read, name: str) -> TableResult:
    """The result for files whose values are texts."""
    there = {own.lower(): own for own in read.names}
    columns = promise.table.columns
    lacking = {column.name.lower(): column.name for column in columns if column.name.lower() not in there}
    extra = [own for own in read.names if own.lower() not in {column.name.lower() for column in columns}]
    absent = frozenset((*lacking, *read.wrong))
    lines, broken = count_lines(read.rows)
    found = _typed(
        promise, read.rows, [column for column in columns if column.name.lower() not in absent], there
    )
    hard = (
        *(f"column `{column}`: the files lack it" for column in lacking.values()),
        *(f"column `{own}`: it is not in the contract" for own in extra),
        *read.wrong.values(),
        *read.lacking,
        *([f"{broken:,} lines do not fit the columns of their file"] if broken else []),
    )
    return verify_rows(
        spark, promise, replace(found, name=name, differences=hard, absent=absent, rows=lines - broken)
    )


def _typed(promise: Promised, rows: FileRows, columns: Sequence[Field], there: Mapping[str, str]) -> Found:
    """The rows with typed columns, each with its text beside it, and a rule for each text that must be readable."""
    from pyspark.sql import functions as F

    patterns = promise.table.patterns
    cells, rules, judged = [], list[Rule](), dict[str, Judged]()
    for at, column in enumerate(columns, 1):
        sql = quote_part(there[column.name.lower()])
        if column.type.name in NESTED:
            cells.append(F.expr(sql).alias(column.name))
            continue
        text = f"({present(sql, promise.table.missing(column.name), exact=rows.is_json)})"
        cells.append(F.expr(typed(text, column.type, patterns.get(column.name, ""))).alias(column.name))
        if column.type.name not in TEXTS:
            cells.append(F.expr(text).alias(f"__text_{at}"))
            name, kind = f"column_{at}_is_readable", column.type.sql().lower()
            readable = f"__text_{at} IS NULL OR {quote_part(column.name)} IS NOT NULL"
            rules.append(Rule(name, readable, f"{column.name} cannot be read as {kind}"))
            judged[name] = Judged(column.name, f"__text_{at}")
    frame = rows.frame.where(f"{CORRUPT} IS NULL").select(*cells, FILE)
    return Found("", frame, (), rules=tuple(rules), judged=judged, within=FILE)
