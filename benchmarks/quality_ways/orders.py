"""The data: orders with ten columns, about four of a hundred with an error, and the customers they belong to."""

from pathlib import Path
from typing import TYPE_CHECKING

from quality_ways.checks import COUNTRIES, STATES, literal

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

CUSTOMERS = 100_000
FILES = 4


def write_orders(spark: "SparkSession", folder: Path, rows: int, *, clean: bool = False) -> Path:
    """Write orders as Parquet unless they are there, and return their folder.

    Args:
        spark: The session.
        folder: Where the data of all sizes is.
        rows: Number of orders.
        clean: Whether none of them has an error.
    """
    target = folder / f"{'clean' if clean else 'orders'}_{rows}"
    if not (target / "_SUCCESS").exists():
        _orders(spark, rows, clean=clean).write.mode("overwrite").parquet(str(target))
    return target


def write_customers(spark: "SparkSession", folder: Path) -> Path:
    """Write the customers as Parquet unless they are there: one row for each `customer_id`, BIGINT."""
    target = folder / "customers"
    if not (target / "_SUCCESS").exists():
        spark.range(0, CUSTOMERS, 1, 1).toDF("customer_id").write.mode("overwrite").parquet(str(target))
    return target


def _orders(spark: "SparkSession", rows: int, *, clean: bool) -> "DataFrame":
    """Return the orders: `order_id, customer_id` bigint, `quantity` int, `price` double, `ordered_on` date, the rest text.

    Each error has its own rows; one order of a thousand has the key of the one before it, and one an unknown customer.
    """

    def bad(number: int) -> str:
        return "false" if clean else _bad(number)

    def one_of(values: tuple[str, ...], seed: int) -> str:
        return f"element_at(array({', '.join(map(literal, values))}), CAST(1 + {_dice(seed, len(values))} AS INT))"

    return spark.range(0, rows, 1, FILES).selectExpr(
        f"CASE WHEN {bad(1)} THEN NULL WHEN {bad(11)} THEN id - 1 ELSE id END AS order_id",
        f"CASE WHEN {bad(2)} THEN NULL WHEN {bad(12)} THEN {CUSTOMERS} + id "
        f"ELSE {_dice(2, CUSTOMERS)} END AS customer_id",
        f"IF({bad(3)}, 'ZZ', {one_of(COUNTRIES, 3)}) AS country",
        f"IF({bad(4)}, 'unknown', {one_of(STATES, 4)}) AS status",
        f"CAST(IF({bad(5)}, 0, 1 + {_dice(5, 20)}) AS INT) AS quantity",
        f"IF({bad(6)}, -1.0D, CAST({_dice(6, 500_000)} AS DOUBLE) / 100) AS price",
        f"concat('customer', {_dice(2, CUSTOMERS)}, IF({bad(7)}, '#', '@'), 'example.com') AS email",
        f"concat(IF({bad(8)}, 'abc', 'ABC'), '-', lpad(CAST(IF({bad(11)}, id - 1, id) % 1000000 AS STRING), 6, '0')) AS sku",
        f"CASE WHEN {bad(9)} THEN repeat('too long ', 5) WHEN {_dice(9, 3)} = 0 THEN NULL "
        f"ELSE substr('please ring twice, then leave it there', 1, 5 + CAST({_dice(9, 30)} AS INT)) END AS note",
        f"IF({bad(10)}, DATE '1900-01-01', date_add(DATE '2016-01-01', CAST({_dice(10, 3000)} AS INT))) AS ordered_on",
    )


def _dice(seed: int, sides: int) -> str:
    return f"pmod(xxhash64(id, {seed}), {sides})"


def _bad(number: int) -> str:
    """The rows with an error: 4 of 1,000 for each rule, 1 of 1,000 for a key."""
    width = 4 if number <= 10 else 1
    start = 10 * number
    return f"id % 1000 BETWEEN {start} AND {start + width - 1}"
