"""One small flow, as a process of its own: 2,000 rows written, three MERGEs, an aggregate, the history.

`small_flow.py <way> <folder>`; the ways are the functions of `WAYS`, each a step further than the one before it.
Prints one JSON line with the seconds of each part.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from lakewright.engine.jvm.options import TUNING_OPTIONS

ROWS = 2_000
DELTA = {
    "spark.sql.extensions": "io.delta.sql.DeltaSparkSessionExtension",
    "spark.sql.catalog.spark_catalog": "org.apache.spark.sql.delta.catalog.DeltaCatalog",
}


def main() -> None:
    """Run the flow in the way that the first argument names."""
    way, folder = sys.argv[1], Path(sys.argv[2])
    clock = Clock()
    spark, table = WAYS[way](folder)
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
    print(json.dumps({**clock.laps, "flow": round(sum(clock.laps.values()), 2)}), flush=True)


class Clock:
    """Seconds between laps."""

    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        self._last = time.monotonic()

    def lap(self, name: str) -> None:
        """Note the seconds since the last lap."""
        now = time.monotonic()
        self.laps[name], self._last = round(now - self._last, 2), now


def _pip(folder: Path) -> tuple[Any, str]:
    """Build the session as Delta's pip package does, with Spark's defaults."""
    from delta import configure_spark_with_delta_pip

    return configure_spark_with_delta_pip(_builder(folder, DELTA, ())).getOrCreate(), "default.flow"


def _jars(folder: Path) -> tuple[Any, str]:
    """Take the locked jars from the cache instead of having Ivy resolve them."""
    return _by_hand(folder, {}, ())


def _spark(folder: Path) -> tuple[Any, str]:
    """Add the engine's Spark settings."""
    return _by_hand(folder, _tuned(folder), ())


def _jvm(folder: Path) -> tuple[Any, str]:
    """Add the options of the JVM: the quick compiler only, the serial collector."""
    return _by_hand(folder, _tuned(folder), TUNING_OPTIONS)


def _archive(folder: Path) -> tuple[Any, str]:
    """Add the archive of loaded classes; the first run writes it."""
    archive = folder.parent.parent / "by_hand.jsa"
    option = (
        f"-XX:SharedArchiveFile={archive}" if archive.is_file() else f"-XX:ArchiveClassesAtExit={archive}"
    )
    return _by_hand(folder, _tuned(folder), (*TUNING_OPTIONS, "-Xshare:auto", "-Xlog:disable", option))


def _engine(folder: Path) -> tuple[Any, str]:
    """Take everything: the engine in a process of its own, over Spark Connect."""
    from lakewright.engine import ensure_engine

    return _prepared(ensure_engine(folder, import_client=True).connect())


def _classic(folder: Path) -> tuple[Any, str]:
    """Take the engine with a classic session."""
    from lakewright.engine import ensure_engine

    return _prepared(ensure_engine(folder).open_classic())


def _by_hand(folder: Path, settings: dict[str, str], jvm_options: tuple[str, ...]) -> tuple[Any, str]:
    from lakewright.engine.installation.jars import ensure_jars

    builder = _builder(folder, {**DELTA, **settings}, jvm_options)
    classpath = os.pathsep.join(str(jar) for jar in ensure_jars())
    return builder.config("spark.driver.extraClassPath", classpath).getOrCreate(), "default.flow"


def _builder(folder: Path, settings: dict[str, str], jvm_options: tuple[str, ...]) -> Any:  # noqa: ANN401 - of pyspark, which is imported later
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.appName("flow").config(
        "spark.sql.warehouse.dir", str(folder / "warehouse")
    )
    for key, value in settings.items():
        builder = builder.config(key, value)
    options = " ".join((*jvm_options, f"-Dderby.system.home={folder}"))
    return builder.config("spark.driver.extraJavaOptions", options)


def _tuned(folder: Path) -> dict[str, str]:
    """Take the engine's own settings, without what needs its catalog plugin."""
    from lakewright.engine import EngineSettings
    from lakewright.engine.settings.spark_properties import spark_properties

    ours = spark_properties(folder / "lakehouse", EngineSettings())
    return {
        key: value
        for key, value in ours.items()
        if "lakewright" not in f"{key}{value}"
        and key not in {"spark.sql.defaultCatalog", "spark.sql.warehouse.dir"}
        and not key.startswith("spark.hadoop.fs.")  # DBFS is the plugin's
    }


def _prepared(spark: Any) -> tuple[Any, str]:  # noqa: ANN401 - of pyspark, which is imported later
    spark.sql("CREATE CATALOG IF NOT EXISTS bench")
    spark.sql("CREATE SCHEMA IF NOT EXISTS bench.s")
    return spark, "bench.s.flow"


WAYS: dict[str, Callable[[Path], tuple[Any, str]]] = {
    "pip": _pip,
    "jars": _jars,
    "spark": _spark,
    "jvm": _jvm,
    "archive": _archive,
    "engine": _engine,
    "classic": _classic,
}

if __name__ == "__main__":
    main()
