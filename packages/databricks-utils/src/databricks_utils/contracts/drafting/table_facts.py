"""What a catalog says of a table besides its columns: comment, key, partitions, constraints, properties and tags."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from databricks_utils.config.secrecy import looks_secret
from databricks_utils.quoting import literal, quote_part
from databricks_utils.spark_failures import spark_failures

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_CHECK = "delta.constraints."
_OF_THE_FORMAT = ("delta.", "Type", "clusteringColumns", "spark.", "option.", "transient_")
_KEY = re.compile(r"PRIMARY KEY \((.*?)\)(?: |$)")
_NAME = re.compile(r"\s*(`(?:[^`]|``)+`|[^,]+?)\s*(?:,|$)")


@dataclass(frozen=True)
class TableFacts:
    """What a catalog says of a table.

    Attributes:
        kind: `table` or `view`.
        comment: Its comment.
        key: The columns of its primary key, in their order.
        partitions: The columns that partition it, in their order.
        checks: Its constraints: name and condition.
        properties: Its own properties, without those of Delta and those that look like secrets.
        tags: Its tags, as `name` or `name=value`.
        column_tags: Those of its columns.
        notes: What could not be read; one line each.
    """

    kind: str = "table"
    comment: str = ""
    key: tuple[str, ...] = ()
    partitions: tuple[str, ...] = ()
    checks: Mapping[str, str] = field(default_factory=dict)
    properties: Mapping[str, str] = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    column_tags: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def table_facts(spark: SparkSession, table: Sequence[str], columns: Sequence[str]) -> TableFacts:
    """Return what the catalog says of a table.

    Args:
        spark: A session that may read it.
        table: Its catalog, schema and name.
        columns: Its columns.
    """
    described = [
        (row["col_name"].strip(), row["data_type"] or "")
        for row in spark.sql(f"DESCRIBE EXTENDED {_quoted(table)}").collect()
    ]
    sections = dict(_sections(described))
    details = dict(
        sections.get("# Detailed Table Information", sections.get("# Detailed View Information", ()))
    )
    constraints = [text for _, text in sections.get("# Constraints", ())]
    is_view = "VIEW" in details.get("Type", "").upper()
    found, notes = ({}, []) if is_view else _properties(spark, table)
    tags, column_tags = _tags(spark, table)
    return TableFacts(
        "view" if is_view else "table",
        details.get("Comment", ""),
        next((key for text in constraints if (key := key_columns(text, columns))), ()),
        tuple(name for name, _ in sections.get("# Partition Information", ()) if name in columns),
        {key.removeprefix(_CHECK): value for key, value in found.items() if key.startswith(_CHECK)},
        {key: value for key, value in found.items() if not key.startswith(_OF_THE_FORMAT) and not looks_secret(key)},
        tags,
        column_tags,
        tuple(notes),
    )  # fmt: skip


def key_columns(constraint: str, columns: Sequence[str]) -> tuple[str, ...]:
    """Return the columns of a primary key as the catalog writes it; none if it is none, or is not understood.

    >>> key_columns("PRIMARY KEY (`a b`, id) NOT ENFORCED", ["id", "a b"])
    ('a b', 'id')
    """
    found = _KEY.search(constraint)
    if not found:
        return ()
    names = [
        name[1:-1].replace("``", "`") if name.startswith("`") else name
        for name in _NAME.findall(found[1])
        if name
    ]
    known = {column.lower(): column for column in columns}
    return (
        tuple(known[name.lower()] for name in names) if all(name.lower() in known for name in names) else ()
    )


def _quoted(table: Sequence[str]) -> str:
    return ".".join(map(quote_part, table))


def _sections(described: Sequence[tuple[str, str]]) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """The sections of DESCRIBE EXTENDED: each has a line that begins with `#`; the columns come first, and need none."""
    title, rows = "", list[tuple[str, str]]()
    for name, text in described:
        if name.startswith("# ") and name != "# col_name":
            yield title, rows
            title, rows = name, []
        elif name and name != "# col_name":
            rows.append((name, text))
    yield title, rows


def _properties(spark: SparkSession, table: Sequence[str]) -> tuple[dict[str, str], list[str]]:
    try:
        rows = spark.sql(f"SHOW TBLPROPERTIES {_quoted(table)}").collect()
    except spark_failures():  # a temporary view, a table of another format
        return {}, ["the table's properties could not be read"]
    return {row["key"]: row["value"] for row in rows}, []


def _tags(spark: SparkSession, table: Sequence[str]) -> tuple[tuple[str, ...], dict[str, tuple[str, ...]]]:
    """The tags of a table and of its columns; none where the catalog has no tags."""
    catalog, schema, name = table
    where = f"schema_name = {literal(schema)} AND table_name = {literal(name)}"
    of_columns: dict[str, tuple[str, ...]] = {}

    def read(view: str) -> list[Any]:
        text = f"SELECT * FROM {quote_part(catalog)}.information_schema.{view} WHERE {where}"  # noqa: S608 - quoted
        try:
            return list(spark.sql(text).collect())
        except spark_failures():
            return []

    tags = tuple(sorted(_tag(row) for row in read("table_tags")))
    for row in sorted(read("column_tags"), key=_tag):
        of_columns[row["column_name"]] = (*of_columns.get(row["column_name"], ()), _tag(row))
    return tags, of_columns


def _tag(row: Any) -> str:  # noqa: ANN401 - a row of Spark
    return f"{row['tag_name']}={row['tag_value']}" if row["tag_value"] else str(row["tag_name"])
