"""What a right split finds, by other means than those that are measured; and whether a way found the same."""

from quality_ways.checks import FOREIGN_KEY, UNIQUE
from quality_ways.task import Outcome, Task


def truth(task: Task) -> Outcome:
    """Count valid rows, other rows and failed rules, the keys with a window and a semi-join."""
    task.spark.read.parquet(str(task.orders)).createOrReplaceTempView("orders")
    task.spark.read.parquet(str(task.customers)).createOrReplaceTempView("customers")
    conditions = [f"coalesce(NOT ({check.condition()}), false)" for check in task.checks]
    if task.keys:
        given = " AND ".join(f"{name} IS NOT NULL" for name in UNIQUE)
        conditions.append(f"({given} AND count(*) OVER (PARTITION BY {', '.join(UNIQUE)}) > 1)")
        same = f"customers.{FOREIGN_KEY} = orders.{FOREIGN_KEY}"  # NOT IN would compare each row with each customer
        conditions.append(
            f"({FOREIGN_KEY} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM customers WHERE {same}))"
        )
    failed = " + ".join(f"CAST({each} AS INT)" for each in conditions)
    found = task.spark.sql(
        f"SELECT count_if(failed = 0), count_if(failed > 0), sum(failed) FROM (SELECT {failed} AS failed FROM orders)"
    ).head()
    assert found
    return Outcome(*found)


def assert_right(way: str, found: Outcome, wanted: Outcome, *, splits: bool) -> None:
    """Raise if a way found something else: figures of a wrong result are worth nothing.

    Args:
        way: Its name, for the error.
        found: What it found.
        wanted: What is right.
        splits: Whether it splits rows.
    """
    parts = [("valid", found.valid, wanted.valid), ("quarantined", found.quarantined, wanted.quarantined)]
    if found.failures is not None:
        parts.append(("failures", found.failures, wanted.failures))
    for name, own, right in parts if splits else parts[2:]:
        if own != right:
            raise RuntimeError(f"{way}: {own} {name}, {right} are right")
