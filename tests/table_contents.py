"""What the tables of a project hold, apart from when it was written: to compare a project that had accidents with one that had none."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

# When something was done: no two runs agree.
_WHEN = {"_ingested_at", "_judged_at", "scored_at", "ingested_until", "judged_until", "recorded_at"}
# A training that was killed after it registered its model registers another one: only the number of values must agree.
_NUMBERED = {"model_version", "model_id"}
_DECIMALS = 9  # of a sum of floats, which depends on its order


@dataclass(frozen=True)
class Contents:
    """What a table or view holds, whatever the order of its rows.

    Attributes:
        rows: How many rows.
        content: The sum of the hashes of all rows, each row as often as it occurs.
        numbers: How many different values each column has in which only the number of values must agree.
    """

    rows: int
    content: Decimal
    numbers: tuple[int, ...]


def read_contents(spark: Any, schemas: Iterable[str]) -> dict[str, Contents]:
    """Return what each table and view of some schemas holds, by its name; the state of the steps is among them."""
    names = [
        f"{schema}.{row.tableName}"
        for schema in schemas
        for row in spark.sql(f"SHOW TABLES IN {schema}").collect()
    ]
    queries = [query(name, dict(spark.table(name).dtypes)) for name in names]
    found = spark.sql(" UNION ALL ".join(queries)).collect()
    return {row.name: Contents(row.rows, row.content, tuple(row.numbers)) for row in found}


def query(table: str, types: Mapping[str, str]) -> str:
    """Return the statement that reads the contents of a table with these columns."""
    compared = [_value(name, kind) for name, kind in types.items() if name not in _WHEN | _NUMBERED]
    numbers = [f"count(DISTINCT `{name}`)" for name in types if name in _NUMBERED]
    return (
        f"SELECT '{table}' AS name, count(*) AS rows, "
        f"sum(CAST(xxhash64(to_json(struct({', '.join(compared)}))) AS DECIMAL(20, 0))) AS content, "
        f"CAST(array({', '.join(numbers)}) AS ARRAY<BIGINT>) AS numbers FROM {table}"
    )


def _value(name: str, kind: str) -> str:
    return f"round(`{name}`, {_DECIMALS}) AS `{name}`" if kind == "double" else f"`{name}`"
