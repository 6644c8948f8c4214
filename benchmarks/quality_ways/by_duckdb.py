"""DuckDB, the limit of one machine: it reads Parquet, and writes Parquet in two folders with the reasons."""

from quality_ways.by_spark import RECORDS_VALUE
from quality_ways.checks import FOREIGN_KEY, UNIQUE
from quality_ways.task import Outcome, Task, Way

_THREADS = 2


def split(task: Task) -> None:
    """Annotate and write once, partitioned."""
    import duckdb

    with duckdb.connect(config={"threads": _THREADS}) as connection:
        connection.execute(
            f"COPY ({_annotated(task)}) TO '{task.output / 'annotated'}' (FORMAT parquet, PARTITION_BY (_valid))"
        )


def _annotated(task: Task) -> str:
    failed = [
        _failure(
            f"NOT ({check.condition(fits='regexp_matches({column}, {pattern})')})",
            check.name,
            check.reason,
            check.column,
        )
        for check in task.checks
    ]
    source, extra, marks = f"read_parquet('{task.orders}/*.parquet')", "", "*"
    if task.keys:
        key = ", ".join(UNIQUE)
        given = " AND ".join(f"{name} IS NOT NULL" for name in UNIQUE)
        twice = (
            f"SELECT {key}, true AS _duplicate FROM {source} WHERE {given} GROUP BY {key} HAVING count(*) > 1"
        )
        known = f"SELECT {FOREIGN_KEY}, true AS _known FROM read_parquet('{task.customers}/*.parquet')"
        extra = f" LEFT JOIN ({twice}) USING ({key}) LEFT JOIN ({known}) USING ({FOREIGN_KEY})"
        marks = "* EXCLUDE (_duplicate, _known)"
        orphan = f"{FOREIGN_KEY} IS NOT NULL AND _known IS NULL"
        for name, bad in (("order_is_unique", "_duplicate"), ("customer_is_known", orphan)):
            failed.append(_failure(bad, name, f"the row breaks {name}", FOREIGN_KEY))
    collected = f"list_filter([{', '.join(failed)}], lambda failure: failure IS NOT NULL)"
    inner = f"SELECT {marks}, {collected} AS _failures FROM {source}{extra}"
    return f"SELECT *, len(_failures) = 0 AS _valid FROM ({inner})"


def _failure(bad: str, name: str, reason: str, column: str) -> str:
    value = f", 'value': {column}::VARCHAR" if RECORDS_VALUE else ""
    return f"CASE WHEN {bad} THEN {{'rule': '{name}', 'severity': 'error', 'reason': '{reason}'{value}}} END"


def _look(task: Task, _: object) -> Outcome:
    import duckdb

    with duckdb.connect() as connection:
        found = connection.execute(
            "SELECT count(*) FILTER (_valid), count(*) FILTER (NOT _valid), sum(len(_failures))::BIGINT "
            f"FROM read_parquet('{task.output / 'annotated'}/*/*.parquet', hive_partitioning = true)"
        ).fetchone()
    assert found
    return Outcome(*found)


WAYS = {"duckdb": Way(split, _look, "duckdb")}
