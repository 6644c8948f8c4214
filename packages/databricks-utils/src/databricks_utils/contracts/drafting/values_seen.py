"""What is seen of the values of columns: how many are missing, their range, about how many differ; and whether a text has a type."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from databricks_utils.contracts.data_files.typed_text import NESTED, typed
from databricks_utils.contracts.drafting.text_shapes import TextProfile
from databricks_utils.contracts.drafting.text_types import lost
from databricks_utils.contracts.types.literals import EXACT, FLOATING, MOMENTS, TEXTS
from databricks_utils.contracts.types.spark_types import SparkType

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

_AT_ONCE = 250  # columns of a query: thousands of aggregates are slow to compile
_DEVIATION = 0.03
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Column:
    """A column, or a field inside of structs, whose values are looked at.

    Attributes:
        path: Its name, after those of the structs around it.
        sql: Its value as SQL; of a text file the text, NULL where it is missing.
        types: Its type; of a text file the types that it may have, the best first.
        above: The struct around it as SQL; empty for a column.
        profile: Its texts, if it has any.
        is_text: Whether it is a text of a file, which may mean a value of another type.
    """

    path: tuple[str, ...]
    sql: str
    types: tuple[SparkType, ...]
    above: str = ""
    profile: TextProfile | None = None
    is_text: bool = False


@dataclass(frozen=True)
class Seen:
    """What is seen of one column.

    Attributes:
        column: The column.
        type: Its type: the first that holds all of its values without a loss.
        given: Values that are there.
        missing: Values that are NULL although the struct around them is there, or that mean a missing value.
        distinct: About how many values differ; within a few percent.
        least: The least value as text; None if there is none, or the type has no order.
        greatest: The greatest value as text.
        odd: Values that are not numbers (NaN).
    """

    column: Column
    type: SparkType
    given: int
    missing: int
    distinct: int
    least: str | None = None
    greatest: str | None = None
    odd: int = 0

    @property
    def value(self) -> str:
        """Its value as SQL, of its type."""
        return typed(self.column.sql, self.type) if self.column.is_text else self.column.sql


def values_seen(frame: DataFrame, columns: Sequence[Column]) -> list[Seen]:
    """Return what is seen of each column, from one query for all; and for those that have a range one more for each 250.

    Args:
        frame: Any grain.
        columns: The columns.
    """
    from pyspark.sql import functions as F

    if not columns:
        return []
    texts = frame.select(*(F.expr(column.sql).alias(f"x{at}") for at, column in enumerate(columns)))
    groups = [[] if column.types[-1].name in NESTED else [f"x{at}"] for at, column in enumerate(columns)]
    counts = about_distinct(texts, groups)
    alone = [column for column in columns if not _needs_no_more(column)]
    ranges = [
        seen
        for start in range(0, len(alone), _AT_ONCE)
        for seen in _seen(frame, alone[start : start + _AT_ONCE])
    ]
    found = {seen.column.path: seen for seen in ranges}
    return [
        replace(found[column.path], distinct=count.distinct)
        if column.path in found
        else Seen(column, column.types[0], count.given, count.rows - count.given, count.distinct)
        for column, count in zip(columns, counts, strict=True)
    ]


def _needs_no_more(column: Column) -> bool:
    """Whether the number of its values is all there is to see: it is text for sure, and no field."""
    return column.types[0].name in TEXTS and not column.above


def _seen(frame: DataFrame, columns: Sequence[Column]) -> Iterator[Seen]:
    from pyspark.sql import functions as F

    # Each text and each value is computed once, in a step of its own: an aggregate would compute its own again.
    texts = [F.expr(column.sql).alias(f"x{at}") for at, column in enumerate(columns)]
    above = [
        F.expr(f"{column.above} IS NOT NULL").alias(f"a{at}")
        for at, column in enumerate(columns)
        if column.above
    ]
    values = [
        F.expr(typed(f"x{at}", kind)).alias(f"v{at}_{number}")
        for at, column in enumerate(columns)
        for number, kind in enumerate(column.types)
        if column.is_text and kind.name != "string"
    ]
    asked = [
        F.expr(sql).alias(f"{at}_{name}")
        for at, column in enumerate(columns)
        for name, sql in _asked(column, at)
    ]
    cells = frame.select(*texts, *above)
    (row,) = cells.select("*", *values).agg(*asked).collect()
    for at, column in enumerate(columns):
        found = {name: row[f"{at}_{name}"] for name, _ in _asked(column, at)}
        number = next(number for number in range(len(column.types)) if not found.get(f"wrong{number}"))
        kind = column.types[number]
        least, greatest = (_written(found.get(f"{end}{number}"), kind) for end in ("least", "greatest"))
        yield Seen(
            column,
            kind,
            found["given"],
            found["missing"],
            0,
            least,
            greatest,
            found.get(f"odd{number}") or 0,
        )


def _asked(column: Column, at: int) -> Iterator[tuple[str, str]]:
    """The aggregates of one column, with their names."""
    text = f"x{at}"
    yield "given", f"count({text})"
    yield "missing", f"count_if({f'a{at} AND ' if column.above else ''}{text} IS NULL)"
    for number, kind in enumerate(column.types):
        value = f"v{at}_{number}" if column.is_text and kind.name != "string" else text
        if value != text:
            gone = lost(text, value, kind, column.profile or TextProfile())
            yield f"wrong{number}", f"count_if(({text} IS NOT NULL AND {value} IS NULL) OR {gone})"
        yield from ((f"{name}{number}", ask) for name, ask in _range(value, kind))


def _range(value: str, kind: SparkType) -> Iterator[tuple[str, str]]:
    if kind.name in FLOATING:
        yield "odd", f"count_if(isnan({value}))"
        value = f"CASE WHEN NOT isnan({value}) THEN {value} END"
    elif kind.name not in EXACT | MOMENTS:
        return
    for name, ask in (("least", f"min({value})"), ("greatest", f"max({value})")):
        yield name, f"unix_micros({ask})" if kind.name == "timestamp" else f"CAST({ask} AS STRING)"


def _written(value: Any, kind: SparkType) -> str | None:  # noqa: ANN401 - a value of Spark
    """A bound as a contract writes it; None if a contract cannot: an endless number, a year above 9999."""
    if value is None:
        return None
    if kind.name in MOMENTS:
        return _moment(value)
    number = Decimal(str(value))
    if not number.is_finite():
        return None
    exact = format(number, "f") if kind.name in EXACT else repr(float(number))
    if kind.name == "decimal" and "." in exact:
        exact = exact.rstrip("0").rstrip(".")
    return exact if number else "0"


def _moment(value: int | str) -> str | None:
    if isinstance(value, str):  # a date, or a timestamp without time zone
        return value.replace(" ", "T") if value[:4].isdecimal() and value[4:5] == "-" else None
    try:
        return (_EPOCH + timedelta(microseconds=value)).isoformat().replace("+00:00", "Z")
    except OverflowError:
        return None


@dataclass(frozen=True)
class Counts:
    """The numbers of a group of columns: all rows, those in which none is NULL, and about how many of them differ."""

    rows: int = 0
    given: int = 0
    distinct: int = 0


def about_distinct(frame: DataFrame, groups: Sequence[Sequence[str]]) -> list[Counts]:
    """Return the numbers of each group of columns, from one query.

    Args:
        frame: Any grain.
        groups: The columns of each group; an empty one has no values.
    """
    from pyspark.sql import functions as F

    asked = [
        f"CASE WHEN {' AND '.join(f'{name} IS NOT NULL' for name in names)} THEN xxhash64({', '.join(names)}) END"
        if names
        else "CAST(NULL AS BIGINT)"
        for names in groups
    ]
    # One row for each value: an estimate for each column of a wide row would need hundreds of buffers each.
    cells = frame.select(F.posexplode(F.array(*map(F.expr, asked))).alias("p", "v"))
    about = F.approx_count_distinct("v", _DEVIATION).alias("distinct")
    counted = cells.groupBy("p").agg(F.count("*").alias("rows"), F.count("v").alias("given"), about).collect()
    found = {row["p"]: Counts(row["rows"], row["given"], row["distinct"]) for row in counted}
    return [found.get(at, Counts()) for at in range(len(groups))]


def few_values(frame: DataFrame, texts: Sequence[str]) -> list[dict[str, int]]:
    """Return the values of columns that have few, each with its number of rows, from one query.

    Args:
        frame: Any grain; columns of type string.
        texts: The columns, as SQL.
    """
    from pyspark.sql import functions as F

    found: list[dict[str, int]] = [{} for _ in texts]
    if texts:
        cells = frame.select(F.posexplode(F.array(*map(F.expr, texts))).alias("p", "v")).where(
            "v IS NOT NULL"
        )
        for row in cells.groupBy("p", "v").count().collect():
            found[row["p"]][row["v"]] = row["count"]
    return [dict(sorted(values.items())) for values in found]


def some_values(frame: DataFrame, sql: str, *, limit: int) -> list[str]:
    """Return some of the different texts of one column, to look at them; they are not for showing.

    Args:
        frame: Any grain.
        sql: The column as SQL.
        limit: How many to return at most.
    """
    from pyspark.sql import functions as F

    texts = frame.select(F.expr(f"CAST({sql} AS STRING)").alias("v")).where("v IS NOT NULL").distinct()
    return [row["v"] for row in texts.limit(limit).collect()]
