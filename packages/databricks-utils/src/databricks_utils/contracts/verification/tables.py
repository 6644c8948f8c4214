"""Check a table of the lakehouse against its contract."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from databricks_utils.contracts.conflicts import conflicts_of
from databricks_utils.contracts.read_schema import fields_of
from databricks_utils.contracts.verification.judged_rows import Judged, Shown, failures
from databricks_utils.contracts.verification.patterns import refused_patterns
from databricks_utils.contracts.verification.promises import Promised
from databricks_utils.contracts.verification.result import TableResult
from databricks_utils.contracts.verification.structure import differences, differing
from databricks_utils.contracts.verification.uniqueness import duplicates
from databricks_utils.contracts.verification.whole_tables import Refers, failing_checks
from databricks_utils.contracts.whole_tables.as_queries import as_query
from databricks_utils.medallion.silver.judging import ORIGIN
from databricks_utils.quality import Reference, Rule, Unique
from databricks_utils.quality.spark_sql.messages import message_of
from databricks_utils.quoting import quote
from databricks_utils.spark_failures import spark_failures

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession


@dataclass(frozen=True)
class Found:
    """Rows whose columns were compared with a contract.

    Attributes:
        name: What they are the rows of.
        frame: The rows, with the columns of the contract except for `absent`.
        differences: What of the columns is not as in the contract.
        notes: What a reader should know.
        absent: Columns of the contract that are not there or have another type, in lower case; their rules are not judged.
        rules: Rules besides those of the contract.
        judged: What these judge, by the rule's name.
        within: A column within whose values the keys must be unique.
        rows: The number of rows, if it is known.
        refers: What the rows refer to.
    """

    name: str
    frame: DataFrame
    differences: tuple[str, ...]
    notes: tuple[str, ...] = ()
    absent: frozenset[str] = frozenset()
    rules: tuple[Rule, ...] = ()
    judged: Mapping[str, Judged] = field(default_factory=dict)
    within: str = ""
    rows: int | None = None
    refers: Refers = field(default_factory=Refers)


def verify_table(
    spark: SparkSession, promise: Promised, name: str, *, refers: Refers | None = None
) -> TableResult:
    """Return whether a table keeps to its contract: columns and types, the rules for its rows, unique keys, checks of the whole table.

    Args:
        spark: A session that may read it, and the tables that it refers to.
        promise: The table of the contract.
        name: Its three-level name.
        refers: What its rows refer to.
    """
    file, columns = promise.contract.file, promise.table.columns
    hard: tuple[str, ...] = ()
    try:
        promised = {column.name.lower() for column in columns}
        frame = spark.table(quote(name)).drop(*(name for name in ORIGIN if name not in promised))
        fields, others = fields_of(frame.schema)  # over Connect this asks Spark
        hard, soft = differences(columns, fields)
        hard = (*hard, *(f"column {line}" for line in others if _is_extra(line, promise)))
        absent = differing(columns, fields)
        found = Found(name, frame, hard, soft, absent, refers=refers or Refers())
        return verify_rows(spark, promise, found)
    except spark_failures() as error:
        reason, fix = _unreadable(error, name)
        return TableResult(name, file, "failed", reason, fix, differences=hard)


def verify_rows(spark: SparkSession, promise: Promised, found: Found) -> TableResult:
    """Return the result for rows whose columns were compared with the contract.

    Args:
        spark: A session.
        promise: The table of the contract.
        found: The rows.
    """
    judged = promise.judged(promise.table.rules)
    possible = [
        rule
        for rule in promise.table.rules
        if rule.name not in judged or judged[rule.name].column.lower() not in found.absent
    ]
    refused, kept = refused_patterns(spark, promise.node, possible)
    problems = (*_contradictions(promise), *refused)
    rules = (*found.rules, *kept)
    rows = found.frame.count() if found.rows is None else found.rows
    keys = tuple(key for key in promise.table.keys if key.lower() not in found.absent)
    shown = Shown(keys, {**judged, **found.judged}, promise.classified)
    failed, not_judged = failures(found.frame, rules, shown, rows=rows)
    groups = [group for group in promise.unique if not {column.lower() for column in group} & found.absent]
    twice = duplicates(found.frame, groups, classified=promise.classified, within=found.within)
    between: list[Unique | Reference] = [rule for rule in promise.table.unique if rule.severity.keeps_the_row]
    between += found.refers.rules
    checks = (*promise.table.checks, *map(as_query, between))
    beyond, refused = failing_checks(found.frame, checks, found.refers.tables)
    left = len(promise.table.rules) - len(possible)
    because = (
        (f"{left} rules were not judged, because their columns are not as in the contract",) if left else ()
    )
    broken = any(not failure.is_warning for failure in failed) or any(
        not check.is_warning for check in beyond
    )
    problems = (*problems, *not_judged, *refused)
    bad = bool(found.differences or problems or broken or twice)
    return TableResult(
        found.name,
        promise.contract.file,
        "failed" if bad else "passed",
        rows=rows,
        rules=len(rules) + len(groups) + len(checks),
        differences=found.differences,
        notes=(*found.notes, *because),
        problems=problems,
        failures=failed,
        duplicates=twice,
        checks=beyond,
    )


def _contradictions(promise: Promised) -> tuple[str, ...]:
    """The rules that no row can keep together: the data cannot be right."""
    return tuple(
        f"{' and '.join(found.locations)}: {found.summary}; fix: {found.fix}"
        for found in conflicts_of(promise.table)
        if found.is_error
    )


def _is_extra(line: str, promise: Promised) -> bool:
    """Whether a column that a contract cannot describe is not in it either; if it is, it is missing already."""
    name = line.partition(": ")[0].lower()
    return all(column.name.lower() != name for column in promise.table.columns)


def _unreadable(error: Exception, name: str) -> tuple[str, str]:
    message = message_of(error).partition("\n")[0][:300]
    if "TABLE_OR_VIEW_NOT_FOUND" in message or "SCHEMA_NOT_FOUND" in message or "NO_SUCH_CATALOG" in message:
        parent = name.rpartition(".")[0]
        return (
            "the table does not exist",
            f'run the job that writes it; lakewright sql "SHOW TABLES IN {parent}" lists the tables that exist',
        )
    own = re.search(r"^\s*fix: (.+)$", str(error), re.MULTILINE)  # a refused grant says what it needs
    if own:
        return str(error).strip().partition("\n")[0][:300], own[1]
    return message, f'look at the table: lakewright sql "DESCRIBE {name}"'
