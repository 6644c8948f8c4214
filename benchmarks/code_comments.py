"""What Spark's pattern for the comments of generated code costs a flow of small Delta tables, beside the one that the engine uses.

One JVM takes turns: after each flow, Spark gets the other pattern. Each flow makes a table, merges into it and reads it.
"""

import os
import tempfile
from pathlib import Path
from typing import Any

from measure import median

from lakewright.engine.classic import open_classic_session

FLOWS = 8  # with each pattern; two more before them warm the JVM up
_TICKS = os.sysconf("SC_CLK_TCK")


def measure() -> dict[str, object]:
    """Return the CPU seconds of each flow with either pattern, and the ratio of their medians."""
    with tempfile.TemporaryDirectory() as folder:
        spark = open_classic_session(Path(folder))
        try:
            return _measured(spark)
        finally:
            spark.stop()


def _measured(spark: Any) -> dict[str, object]:  # noqa: ANN401 - py4j and pyspark have no usable types here
    comments = _scala_object(spark._jvm.lakewright, "CodeComments")
    codegen = spark._jvm.org.apache.spark.sql.catalyst.expressions.codegen
    formatter = _scala_object(codegen, "CodeFormatter")
    regex = formatter.commentRegexp()
    field = regex.getClass().getDeclaredField("pattern")
    field.setAccessible(True)
    ways = {
        "Spark's": spark._jvm.java.util.regex.Pattern.compile(comments.OfSpark()),
        "linear": comments.Linear(),
    }
    pid = int(spark._jvm.java.lang.ProcessHandle.current().pid())
    spark.sql("CREATE CATALOG flow")
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(FLOWS + 2):
        for name, pattern in ways.items():
            field.set(regex, pattern)
            before = _cpu_seconds(pid)
            _flow(spark, f"flow.default.t{number}_{name[0]}")
            if number >= 2:
                seconds[name].append(round(_cpu_seconds(pid) - before, 2))
    middle = {name: median(values) for name, values in seconds.items()}
    return {"cpu_seconds": seconds, "median": middle, "ratio": round(middle["linear"] / middle["Spark's"], 3)}


def _scala_object(package: Any, name: str) -> Any:  # noqa: ANN401 - py4j and pyspark have no usable types here
    return getattr(getattr(package, f"{name}$"), "MODULE$")


def _flow(spark: Any, table: str) -> None:  # noqa: ANN401 - py4j and pyspark have no usable types here
    columns = ", ".join(f"'text {number}' AS c{number}" for number in range(12))
    spark.sql(f"CREATE TABLE {table} AS SELECT id, {columns} FROM range(200)")
    for step in range(3):
        spark.sql(
            f"MERGE INTO {table} t USING (SELECT id + {step * 50} AS id, {columns} FROM range(100)) s "
            "ON t.id = s.id WHEN MATCHED THEN UPDATE SET * WHEN NOT MATCHED THEN INSERT *"
        )
    spark.sql(f"SELECT count(*), max(c1) FROM {table} WHERE id > 20").collect()


def _cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS
