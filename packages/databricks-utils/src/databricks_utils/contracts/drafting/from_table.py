"""Draft a contract from a table: its schema and catalog say facts, its rows are looked at for guesses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from databricks_utils.contracts.drafting.document import Draft
from databricks_utils.contracts.drafting.looking import Known, columns_of, look, properties_of, sampled
from databricks_utils.contracts.drafting.table_facts import table_facts
from databricks_utils.contracts.errors import DraftError
from databricks_utils.contracts.read_schema import fields_of
from databricks_utils.medallion.silver.judging import ORIGIN
from databricks_utils.quoting import quote_part
from databricks_utils.spark_failures import spark_failures

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

ROWS_LOOKED_AT = 1_000_000


def draft_from_table(
    spark: SparkSession, table: Sequence[str], *, sample: int | None = ROWS_LOOKED_AT, environment: str = ""
) -> Draft:
    """Return the draft of a contract for a table or view.

    Args:
        spark: A session that may read it.
        table: Its catalog, schema and name.
        sample: How many rows to look at; None for all.
        environment: The environment of the catalog, for the draft's server.

    Raises:
        DraftError: There is no such table, it cannot be read, or it has no column that a contract can describe.
    """
    name = ".".join(table)
    whole = _table(spark, table)
    of_the_kit = [column for column in ORIGIN if column in whole.columns]
    frame = whole.drop(*of_the_kit)
    fields, others = fields_of(frame.schema)
    if others and not fields:
        raise DraftError(
            f"a contract cannot describe the columns of {name}",
            detail="\n".join(others),
            location=name,
            fix="draft one from a view that casts them",
        )
    facts = table_facts(spark, table, [field.name for field in fields])
    rows = frame.count()
    seen_rows, words = sampled(frame, rows=rows, sample=sample)
    looked_at = rows if seen_rows is frame else seen_rows.count()
    looked = look(seen_rows, columns_of(seen_rows, fields), rows=looked_at, key=facts.key)
    known = Known(key=facts.key, partitions=facts.partitions, tags=facts.column_tags)
    catalog, schema, own = table
    server = {
        "server": environment or catalog,
        "type": "databricks",
        **({"environment": environment} if environment else {}),
        "catalog": catalog,
        "schema": schema,
    }
    return Draft(
        own,
        facts.kind,
        f"the {facts.kind} {name}",
        words,
        server,
        properties_of(fields, looked, known),
        " ".join(facts.comment.split()),
        facts.tags,
        facts.properties,
        facts.checks,
        notes=(
            *([f"Key: tried {looked.key.tried}."] if looked.key.tried else []),
            *facts.notes,
            *(f"left out: {line}" for line in others),
            *([f"left out, since the medallion adds them: {', '.join(of_the_kit)}"] if of_the_kit else []),
        ),
    )


def _table(spark: SparkSession, table: Sequence[str]) -> DataFrame:
    name = ".".join(table)
    try:
        frame = spark.table(".".join(map(quote_part, table)))
        _ = frame.schema  # over Connect this asks Spark
    except spark_failures() as error:
        message = str(error).strip().partition("\n")[0]
        parent = ".".join(table[:-1])
        raise DraftError(
            f"the table {name} cannot be read",
            detail=message[:300],
            location=name,
            fix=f'lakewright sql "SHOW TABLES IN {parent}" lists the tables that exist',
        ) from error
    return frame
