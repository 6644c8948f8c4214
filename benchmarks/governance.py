"""What a mask and a row filter cost a query: one JVM, one principal, a table with them and an equal one without, in turn.

Of a small table it is analysis and planning that take longer; of a large one, each row. The rows are visible, and the masked column is not
read by every query: a mask that is not used should cost nothing. `large by hand` has the calls of the same functions in the query of the
open table: what the protected one costs more is not the functions, but that they are policies. `lookup` has a filter that asks a table
who may see what, `lookup by hand` has that condition in the query of the open table, which reads the other table too. CPU is that of the
JVM: on a busy machine it says more than the time.
"""

import json
import time
from typing import Any

from grants_cost import in_a_lakehouse
from process_costs import cpu_seconds

ROUNDS = 40
WARM = 10
LARGE_ROUNDS = 7
LARGE_WARM = 2
LARGE_ROWS = 5_000_000
SMALL = {
    "one row": "SELECT * FROM bench.s.{t} WHERE id = 7",
    "no masked column": "SELECT g FROM bench.s.{t} WHERE id = 7",
    "a self-join": "SELECT count(*) FROM bench.s.{t} a JOIN bench.s.{t} b ON a.id = b.id",
}
BY_HAND = "EXISTS (SELECT 1 FROM bench.s.acl WHERE who = current_user() AND g = {t}.g)"
LARGE = {
    "all rows": "SELECT count(*), max(name) FROM {t}",
    "no masked column": "SELECT count(*), max(g) FROM {t}",
    "a predicate of the masked column": "SELECT count(*) FROM {t} WHERE length(name) = 1 AND id % 3 = 0",
    "one row": "SELECT max(g) FROM {t} WHERE id = 7",
}
# What the policies do, written in the query of a table without any; Spark puts the functions' texts in their places.
POLICIES_BY_HAND = "(SELECT id, g, bench.s.hide(name) AS name FROM bench.s.large_open WHERE bench.s.some(g))"


def measure() -> dict[str, object]:
    """Measure each query of the protected table and of the open one, in turn."""
    return in_a_lakehouse(_measured)


def _measured(spark: Any) -> dict[str, object]:  # noqa: ANN401 - a classic session
    _prepare(spark)
    principal = spark.newSession()
    principal.conf.set("spark.lakewright.principal", "ana@example.com")
    principal.sql("USE bench.s")
    return {
        "rounds": ROUNDS,
        "large_rows": LARGE_ROWS,
        "small": {name: _pair(principal, text, "masked", ROUNDS, WARM) for name, text in SMALL.items()},
        "lookup": {name: _pair(principal, text, "looked_up", ROUNDS, WARM) for name, text in SMALL.items()},
        "lookup by hand": _compared(
            principal, _by_hand("open"), SMALL["one row"].format(t="looked_up"), ROUNDS, WARM
        ),
        "large": {name: _of_large(principal, text, "bench.s.large_open") for name, text in LARGE.items()},
        "large by hand": {name: _of_large(principal, text, POLICIES_BY_HAND) for name, text in LARGE.items()},
        "aim": "at most 5 % of a small query",
    }


def _by_hand(table: str) -> str:
    return f"{SMALL['one row'].format(t=table)} AND {BY_HAND.format(t=table)}"


def _of_large(session: Any, query: str, other: str) -> dict[str, object]:  # noqa: ANN401 - as above
    queries = query.format(t=other), query.format(t="bench.s.large_masked")
    return _compared(session, *queries, LARGE_ROUNDS, LARGE_WARM)


def _pair(session: Any, query: str, table: str, rounds: int, warm: int) -> dict[str, object]:  # noqa: ANN401 - as above
    return _compared(session, query.format(t="open"), query.format(t=table), rounds, warm)


def _compared(session: Any, first: str, second: str, rounds: int, warm: int) -> dict[str, object]:  # noqa: ANN401 - as above
    """Run two queries in turn: the first reads the open table, the second the protected one."""
    jvm = int(session._jvm.java.lang.ProcessHandle.current().pid())
    queries = {"open": first, "protected": second}
    seconds: dict[str, list[float]] = {name: [] for name in queries}
    cpu = dict.fromkeys(queries, 0.0)
    for number in range(warm + rounds):
        for name in sorted(queries, reverse=bool(number % 2)):
            started, before = time.perf_counter(), cpu_seconds(jvm)
            session.sql(queries[name]).collect()
            if number >= warm:
                seconds[name].append(time.perf_counter() - started)
                cpu[name] += cpu_seconds(jvm) - before
    ratios = sorted(one / other for one, other in zip(seconds["protected"], seconds["open"], strict=True))
    return {
        **{f"{name}_milliseconds": round(1000 * _middle(seconds[name]), 1) for name in queries},
        "ratio_of_pairs": round(ratios[len(ratios) // 2], 3),
        **{f"{name}_cpu_milliseconds": round(1000 * cpu[name] / rounds, 1) for name in queries},
        "ratio_of_cpu": round(cpu["protected"] / cpu["open"], 3) if cpu["open"] else None,
    }


def _middle(values: list[float]) -> float:
    return sorted(values)[len(values) // 2]


def _prepare(spark: Any) -> None:  # noqa: ANN401 - as above
    here = "bench.s"
    spark.sql(
        f"CREATE FUNCTION {here}.hide(n STRING) RETURNS STRING RETURN IF(is_member('hr'), n, left(n, 1))"
    )
    spark.sql(f"CREATE FUNCTION {here}.some(g BIGINT) RETURNS BOOLEAN RETURN is_member('all') OR g < 100")
    spark.sql(f"GRANT EXECUTE ON SCHEMA {here} TO readers")
    spark.sql(f"CREATE TABLE {here}.acl AS SELECT id AS g, 'ana@example.com' AS who FROM range(7)")
    spark.sql(
        f"CREATE FUNCTION {here}.asked(place BIGINT) RETURNS BOOLEAN "
        f"RETURN EXISTS (SELECT 1 FROM {here}.acl WHERE who = current_user() AND g = place)"
    )
    for prefix, rows in (("", 100), ("large_", LARGE_ROWS)):
        functions = {"masked": "some"} if prefix else {"masked": "some", "looked_up": "asked"}
        for name in ("open", *functions):
            spark.sql(
                f"CREATE TABLE {here}.{prefix}{name} AS SELECT id, id % 7 AS g, concat('name', id) AS name FROM range({rows})"
            )
        for name, function in functions.items():
            spark.sql(f"ALTER TABLE {here}.{prefix}{name} ALTER COLUMN name SET MASK {here}.hide")
            spark.sql(f"ALTER TABLE {here}.{prefix}{name} SET ROW FILTER {here}.{function} ON (g)")


if __name__ == "__main__":
    print(json.dumps(measure(), indent=2))
