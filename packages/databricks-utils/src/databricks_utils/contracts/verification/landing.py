"""Check the files of a landing folder against a contract: their columns, whether each text can be read as its type, the rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
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
from databricks_utils.contracts.data_files.typed_text import NESTED, present, typed, unreadable
from databricks_utils.contracts.errors import DataFileError
from databricks_utils.contracts.literals import TEXTS
from databricks_utils.contracts.own_properties import missing_values
from databricks_utils.contracts.read_schema import fields_of
from databricks_utils.contracts.spark_types import Field
from databricks_utils.contracts.verification.json_types import fits, text_schema
from databricks_utils.contracts.verification.judged_rows import Judged
from databricks_utils.contracts.verification.promises import Promised
from databricks_utils.contracts.verification.result import TableResult
from databricks_utils.contracts.verification.structure import differences, differing
from databricks_utils.contracts.verification.tables import Found, verify_rows
from databricks_utils.quality import Rule
from databricks_utils.quoting import quote_part
from databricks_utils.spark_failures import spark_failures

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


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
            return _parquet(spark, promise, parquet_rows(spark, files, scheme=scheme), name)
        found, wrong = (_csv if files.kind == "csv" else _json)(spark, promise, files, scheme)
        return _texts(spark, promise, found, wrong, name)
    except DataFileError as error:
        where = f" ({error.location})" if error.location else ""
        return TableResult(name, file, "failed", f"{error.summary}{where}", error.fix or "")
    except spark_failures() as error:
        reason = str(error).strip().partition("\n")[0][:300]
        return TableResult(name, file, "failed", reason, "correct the files, or the contract")


def _parquet(spark: SparkSession, promise: Promised, found: FileRows, name: str) -> TableResult:
    fields, _ = fields_of(found.frame.select(*map(quote_part, found.names)).schema)
    columns = promise.table.columns
    hard, _ = differences(columns, fields)
    return verify_rows(
        spark, promise, Found(name, found.frame, hard, absent=differing(columns, fields), within=FILE)
    )


def _csv(spark: SparkSession, promise: Promised, files: DataFiles, scheme: str) -> tuple[FileRows, list[str]]:
    delimiter = next(
        (item.delimiter for item in promise.contract.document.servers or [] if item.delimiter), None
    )
    texts = [inspect_csv(file, delimiter=delimiter) for file in files.files]
    found = csv_rows(spark, texts, scheme=scheme)
    wrong = [
        f"column `{name}`: {len(lack)} files lack it: {', '.join(lack[:3])}"
        for name, lack in found.partial.items()
    ]
    return found, [*wrong, *_no_text(promise.table.columns)]


def _no_text(columns: Sequence[Field]) -> list[str]:
    return [
        f"column `{column.name}`: {column.type.sql()} in the contract, which a field of CSV cannot hold"
        for column in columns
        if column.type.name in NESTED
    ]


def _json(
    spark: SparkSession, promise: Promised, files: DataFiles, scheme: str
) -> tuple[FileRows, list[str]]:
    for file in files.files:
        inspect_json_lines(file)
    own = json_rows(spark, files, scheme=scheme)
    fields, _ = fields_of(own.frame.select(*map(quote_part, own.names)).schema)
    there = {field.name.lower(): field for field in fields}
    wanted = [
        Field(there[column.name.lower()].name, column.type)
        for column in promise.table.columns
        if column.name.lower() in there
    ]
    wrong = [
        f"column `{column.name}`: {column.type.sql()} in the contract, {there[column.name.lower()].type.sql()} in the files"
        for column in wanted
        if not fits(column.type, there[column.name.lower()].type)
    ]
    read = json_rows(spark, files, scheme=scheme, schema=text_schema(wanted))
    return replace(read, names=own.names), wrong


def _texts(
    spark: SparkSession, promise: Promised, found: FileRows, wrong: Sequence[str], name: str
) -> TableResult:
    """The result for files whose values are texts."""
    there = {own.lower(): own for own in found.names}
    columns = promise.table.columns
    lines = [
        f"column `{column.name}`: the files lack it" for column in columns if column.name.lower() not in there
    ]
    known = {column.name.lower() for column in columns}
    lines += [f"column `{own}`: it is not in the contract" for own in found.names if own.lower() not in known]
    bad = {line.split("`")[1].lower() for line in wrong if " files lack it" not in line}
    absent = {column.name.lower() for column in columns if column.name.lower() not in there} | bad
    usable = [column for column in columns if column.name.lower() not in absent]
    rows = _typed(promise, found, usable, there)
    wanted = replace(rows, name=name, differences=(*lines, *wrong), absent=frozenset(absent))
    result = verify_rows(spark, promise, wanted)
    return _with_broken_lines(result, found)


def _typed(promise: Promised, found: FileRows, columns: Sequence[Field], there: Mapping[str, str]) -> Found:
    """The rows with typed columns, each with its text beside it, and a rule for each text that must be readable."""
    from pyspark.sql import functions as F

    missing = missing_values(promise.given)
    cells, rules, judged = [], list[Rule](), dict[str, Judged]()
    for at, column in enumerate(columns, 1):
        sql = quote_part(there[column.name.lower()])
        if column.type.name in NESTED:
            cells.append(F.expr(sql).alias(column.name))
            continue
        text = f"({present(sql, missing.get(column.name, ()), exact=found.is_json)})"
        cells.append(F.expr(typed(text, column.type)).alias(column.name))
        if column.type.name not in TEXTS:
            cells.append(F.expr(text).alias(f"__text_{at}"))
            name, kind = f"column_{at}_is_readable", column.type.sql().lower()
            readable = f"NOT {unreadable(f'__text_{at}', column.type)}"
            rules.append(Rule(name, readable, f"{column.name} cannot be read as {kind}"))
            judged[name] = Judged(column.name, f"__text_{at}")
    frame = found.frame.where(f"{CORRUPT} IS NULL").select(*cells, FILE)
    return Found("", frame, (), rules=tuple(rules), judged=judged, within=FILE)


def _with_broken_lines(result: TableResult, found: FileRows) -> TableResult:
    _, broken = count_lines(found)
    if not broken:
        return result
    line = f"{broken:,} lines do not fit the columns of their file"
    return replace(result, status="failed", differences=(*result.differences, line))
