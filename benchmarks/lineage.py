"""What the recording of lineage costs statements: one JVM, rounds with the listener and without it in turn.

A round writes, merges, reads and joins small tables, and makes a table of 200 columns; statements of a few milliseconds are where a
cost would show. The CPU seconds are those of the whole JVM, so the thread that writes the events counts too.
"""

import json
import os
import tempfile
import time
from pathlib import Path
from typing import Any

from measure import median

ROUNDS = 12
_THREAD = "lakewright-line"  # a thread's name has 15 characters in Linux
STATEMENTS = (
    "INSERT INTO orders SELECT id, id % 7, cast(id AS double) FROM range(100)",
    "MERGE INTO totals t USING (SELECT g, sum(v) AS v FROM orders GROUP BY g) s ON t.g = s.g "
    "WHEN MATCHED THEN UPDATE SET v = s.v WHEN NOT MATCHED THEN INSERT *",
    "CREATE OR REPLACE TABLE wide AS SELECT "
    + ", ".join(f"v + {n} AS c{n}" for n in range(200))
    + " FROM totals",
)
QUERIES = (
    "SELECT g, count(*), max(v) FROM orders GROUP BY g",
    "SELECT o.id, t.v FROM orders o JOIN totals t ON o.g = t.g WHERE o.id < 10",
    "SELECT * FROM (SELECT id, row_number() OVER (PARTITION BY g ORDER BY v) AS n FROM orders) WHERE n = 1",
)


def measure() -> dict[str, object]:
    """Measure both in turn, after a round of each that does not count."""
    with tempfile.TemporaryDirectory() as folder:
        spark = _session(Path(folder))
        try:
            return _measured(spark, Path(folder) / ".lakewright" / "lineage")
        finally:
            spark.stop()


def _measured(spark: Any, events: Path) -> dict[str, object]:  # noqa: ANN401 - a classic session
    jvm, context = spark._jvm, spark.sparkContext._jsc.sc()
    spark.sql("CREATE TABLE orders (id BIGINT, g BIGINT, v DOUBLE)")
    spark.sql("CREATE TABLE totals (g BIGINT, v DOUBLE)")
    listener = jvm.lakewright.LineageListener(context.conf())
    process = spark.sparkContext._gateway.proc.pid  # Spark's script became its Java
    own_before = _cpu_seconds(process, _THREAD)
    wall: dict[bool, list[float]] = {True: [], False: []}
    cpu: dict[bool, list[float]] = {True: [], False: []}
    for number in range(2 * ROUNDS + 2):
        # Without, with, with, without: what grows with the rounds falls on both alike.
        recorded = number % 4 in (1, 2)
        if recorded:
            context.addSparkListener(listener)
        started, used = time.perf_counter(), _cpu_seconds(process)
        _round(spark)
        taken = time.perf_counter() - started
        time.sleep(0.3)  # what is still written after the last statement counts as CPU
        if number >= 2:
            wall[recorded].append(taken)
            cpu[recorded].append(_cpu_seconds(process) - used)
        if recorded:
            context.removeSparkListener(listener)
    lines = [
        line for path in events.glob("*.jsonl") for line in path.read_text(encoding="utf-8").splitlines()
    ]
    rounds = ROUNDS + 1
    own = (_cpu_seconds(process, _THREAD) - own_before) / rounds
    return {
        "rounds": ROUNDS,
        "statements_of_a_round": len(STATEMENTS) + len(QUERIES),
        "wall_seconds_without": median(wall[False]),
        "wall_seconds_with": median(wall[True]),
        "wall_ratio": round(_middle(wall[True]) / _middle(wall[False]), 3),
        "cpu_seconds_without": median(cpu[False]),
        "cpu_seconds_with": median(cpu[True]),
        "cpu_ratio": round(_middle(cpu[True]) / _middle(cpu[False]), 3),
        "cpu_seconds_of_the_recording_thread": round(own, 3),
        "its_share_of_the_cpu": round(own / _middle(cpu[True]), 3),
        "events_of_a_round": round(len(lines) / rounds, 1),
        "kilobytes_of_a_round": round(sum(map(len, lines)) / rounds / 1000, 1),
        "aim": "at most 3 %",
    }


def _cpu_seconds(pid: int, thread: str = "") -> float:
    """Return the CPU seconds of a process so far, or of its threads of one name (Linux only)."""
    tasks = [
        path.parent for path in Path(f"/proc/{pid}/task").glob("*/comm") if path.read_text().strip() == thread
    ]
    ticks = 0
    for place in tasks if thread else [Path(f"/proc/{pid}")]:
        fields = (place / "stat").read_text(encoding="ascii").rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def _middle(values: list[float]) -> float:
    return sorted(values)[len(values) // 2]


def _round(spark: Any) -> None:  # noqa: ANN401 - as above
    for statement in STATEMENTS:
        spark.sql(statement)
    for query in QUERIES:
        spark.sql(query).collect()


def _session(root: Path) -> Any:  # noqa: ANN401 - as above
    from pyspark.sql import SparkSession

    from lakewright.engine import EngineSettings
    from lakewright.engine.installation.classpath import own_jars
    from lakewright.engine.installation.java import find_java
    from lakewright.engine.jvm.options import TUNING_OPTIONS
    from lakewright.engine.settings.spark_properties import spark_properties

    lakehouse = root / ".lakewright" / "lakehouse"
    lakehouse.mkdir(parents=True)
    settings = spark_properties(lakehouse, EngineSettings())
    del settings["spark.extraListeners"]
    settings["spark.driver.extraClassPath"] = os.pathsep.join(map(str, own_jars(find_java())))
    settings["spark.driver.extraJavaOptions"] = " ".join(TUNING_OPTIONS)
    builder = SparkSession.builder
    for key, value in settings.items():
        builder = builder.config(key, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    session.sql("CREATE CATALOG bench")
    session.sql("CREATE SCHEMA bench.s")
    session.sql("USE bench.s")
    return session


if __name__ == "__main__":
    print(json.dumps(measure(), indent=2))
