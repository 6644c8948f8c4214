"""One small flow, as a process of its own: 2,000 rows written, three MERGEs, an aggregate, the history.

`small_flow.py defaults <folder>` builds the session as Delta's pip package does, with Spark's defaults.
`small_flow.py classic|connect <folder>` takes it from the engine. Prints one JSON line with the seconds of each part.
"""

import json
import sys
import time
from pathlib import Path
from typing import Any

ROWS = 2_000


def main() -> None:
    """Run the flow in the way that the first argument names."""
    kind, folder = sys.argv[1], Path(sys.argv[2])
    clock = Clock()
    spark, table = {"defaults": _defaults, "classic": _classic, "connect": _connect}[kind](folder)
    clock.lap("session")
    spark.range(ROWS).selectExpr("id", "id % 7 AS g", "cast(id AS double) AS v").write.format("delta").mode(
        "overwrite"
    ).saveAsTable(table)
    clock.lap("first_write")
    for step in range(3):
        spark.sql(
            f"MERGE INTO {table} t USING (SELECT id + {step * 500} AS id, id % 7 AS g, -1.0D AS v FROM range(1000)) s "
            "ON t.id = s.id WHEN MATCHED THEN UPDATE SET v = s.v WHEN NOT MATCHED THEN INSERT *"
        ).collect()
    clock.lap("three_merges")
    groups = spark.sql(f"SELECT g, count(*) AS n, sum(v) AS v FROM {table} GROUP BY g").collect()
    history = spark.sql(f"DESCRIBE HISTORY {table}").collect()
    clock.lap("read_and_history")
    if len(groups) != 7 or sum(row.n for row in groups) != ROWS or len(history) < 4:
        raise SystemExit("the flow gave a wrong result")
    print(json.dumps({**clock.laps, "flow": round(sum(clock.laps.values()), 2)}))


class Clock:
    """Seconds between laps."""

    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        self._last = time.monotonic()

    def lap(self, name: str) -> None:
        """Note the seconds since the last lap."""
        now = time.monotonic()
        self.laps[name], self._last = round(now - self._last, 2), now


def _defaults(folder: Path) -> tuple[Any, str]:
    from delta import configure_spark_with_delta_pip
    from pyspark.sql import SparkSession

    builder = (
        SparkSession.builder.appName("flow")
        .config("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension")
        .config("spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog")
        .config("spark.sql.warehouse.dir", str(folder / "warehouse"))
        .config("spark.driver.extraJavaOptions", f"-Dderby.system.home={folder}")
    )
    return configure_spark_with_delta_pip(builder).getOrCreate(), "default.flow"


def _classic(folder: Path) -> tuple[Any, str]:
    from lakewright.engine.session import open_classic_session

    return _prepared(open_classic_session(folder))


def _connect(folder: Path) -> tuple[Any, str]:
    from lakewright.engine import ensure_engine

    return _prepared(ensure_engine(folder).connect())


def _prepared(spark: Any) -> tuple[Any, str]:  # noqa: ANN401
    spark.sql("CREATE CATALOG IF NOT EXISTS bench")
    spark.sql("CREATE SCHEMA IF NOT EXISTS bench.s")
    return spark, "bench.s.flow"


if __name__ == "__main__":
    main()
