"""Find values that a contract promises to be there once, and that are there more often."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from databricks_utils.contracts.verification.judged_rows import cell
from databricks_utils.contracts.verification.result import Duplicates, Example
from databricks_utils.quoting import quote_part

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

_EXAMPLES = 3
_GROUPS_WITH_EXAMPLES = 20


def duplicates(
    frame: DataFrame, groups: Sequence[Sequence[str]], *, classified: frozenset[str], within: str = ""
) -> tuple[Duplicates, ...]:
    """Return the groups of columns whose values are there more than once.

    A row that lacks one of the values does not count: `required` says whether it may.

    Args:
        frame: The rows; any grain.
        groups: The columns of each group.
        classified: Columns whose values are not shown.
        within: A column within whose values they must be unique, e.g. the file.
    """
    suspects = _suspects(frame, groups, within)
    found = (
        _duplicates(frame, groups[at], classified, within) for at in list(suspects)[:_GROUPS_WITH_EXAMPLES]
    )
    rest = (
        Duplicates(tuple(groups[at]), values, rows)
        for at, (values, rows) in list(suspects.items())[_GROUPS_WITH_EXAMPLES:]
    )
    return (*(each for each in found if each is not None), *rest)


def _suspects(frame: DataFrame, groups: Sequence[Sequence[str]], within: str) -> dict[int, tuple[int, int]]:
    """The groups with equal hashes: how many hashes, and of how many rows. One query for all: most have none."""
    from pyspark.sql import functions as F

    if not groups:
        return {}
    columns = {name: f"x{at}" for at, name in enumerate(dict.fromkeys(_names(groups, within)))}
    cells = frame.select(*(F.col(quote_part(name)).alias(alias) for name, alias in columns.items()))
    hashes = []
    for group in groups:
        there = " AND ".join(f"{columns[name]} IS NOT NULL" for name in group)
        parts = ", ".join(columns[name] for name in _names([group], within))
        hashes.append(F.expr(f"CASE WHEN {there} THEN xxhash64({parts}) END"))
    exploded = cells.select(F.posexplode(F.array(*hashes)).alias("p", "v")).where("v IS NOT NULL")
    twice = exploded.groupBy("p", "v").agg(F.count("*").alias("n")).where("n > 1")
    counted = twice.groupBy("p").agg(F.count("*").alias("values"), F.sum("n").alias("rows")).orderBy("p")
    return {row["p"]: (row["values"], row["rows"]) for row in counted.collect()}


def _names(groups: Sequence[Sequence[str]], within: str) -> Iterator[str]:
    yield from (name for group in groups for name in group)
    if within:
        yield within


def _duplicates(
    frame: DataFrame, columns: Sequence[str], classified: frozenset[str], within: str
) -> Duplicates | None:
    from pyspark.sql import functions as F

    there = " AND ".join(f"{quote_part(name)} IS NOT NULL" for name in columns)
    aliases = [f"k{at}" for at in range(len(columns))]
    every = [*aliases, *(["w"] if within else [])]
    values = [
        F.col(quote_part(name)).alias(alias)
        for name, alias in zip(_names([columns], within), every, strict=True)
    ]
    twice = frame.where(there).select(*values).groupBy(*every).agg(F.count("*").alias("n")).where("n > 1")
    (total,) = twice.agg(F.count("*").alias("values"), F.sum("n").alias("rows")).collect()
    if not total["values"]:  # equal hashes of different values
        return None
    shown = [
        F.expr(cell(alias, masked=name in classified)).alias(alias)
        for name, alias in zip(columns, aliases, strict=True)
    ]
    rows = twice.orderBy(F.desc("n"), *every).limit(_EXAMPLES).select(*shown, "n").collect()
    examples = tuple(
        Example(dict(zip(columns, (row[alias] for alias in aliases), strict=True)), f"{row['n']} rows")
        for row in rows
    )
    return Duplicates(tuple(columns), total["values"], total["rows"], examples)
