"""What it costs a statement to be held to grants: one JVM, two sessions in turn, the lakehouse's owner's and a principal's.

The tables have a few rows, so that a statement takes as little as it can; the principal has its rights through a group, beside 200 grants
of others on the schema. The grants are read from files for each statement, so the files are those of a project of this size.
"""

import json
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from measure import median

ROUNDS = 40
WARM = 10
OTHERS = 200
STATEMENTS = {
    "one table": "SELECT * FROM bench.s.orders WHERE id = 7",
    "two tables": "SELECT o.id, t.v FROM bench.s.orders o JOIN bench.s.totals t ON o.g = t.g",
    "a view": "SELECT * FROM bench.s.seen",
    "insert": "INSERT INTO bench.s.written SELECT id, g FROM bench.s.orders LIMIT 1",
}


def measure() -> dict[str, object]:
    """Measure each statement in both sessions, in turn."""
    return in_a_lakehouse(_measured)


def in_a_lakehouse(measured: Callable[[Any], dict[str, object]]) -> dict[str, object]:
    """Measure with the session of the owner of a lakehouse that exists for this alone."""
    with tempfile.TemporaryDirectory() as folder:
        spark = _session_of(Path(folder))
        try:
            return measured(spark)
        finally:
            spark.stop()


def _measured(spark: Any) -> dict[str, object]:  # noqa: ANN401 - a classic session
    principal = spark.newSession()
    principal.conf.set("spark.lakewright.principal", "ana@example.com")
    found = {name: _pair(spark, principal, text) for name, text in STATEMENTS.items()}
    return {
        "rounds": ROUNDS,
        "grants_of_others": OTHERS,
        **found,
        "aim": "at most 5 % of a small query",
    }


def _pair(owner: Any, principal: Any, statement: str) -> dict[str, object]:  # noqa: ANN401 - as above
    seconds: dict[str, list[float]] = {"owner": [], "principal": []}
    for number in range(WARM + ROUNDS):
        sessions = [("owner", owner), ("principal", principal)]
        for name, session in sessions if number % 2 else reversed(sessions):
            started = time.perf_counter()
            session.sql(statement).collect()
            if number >= WARM:
                seconds[name].append(time.perf_counter() - started)
    ratios = sorted(one / other for one, other in zip(seconds["principal"], seconds["owner"], strict=True))
    return {
        "owner_milliseconds": round(1000 * _middle(seconds["owner"]), 1),
        "principal_milliseconds": round(1000 * _middle(seconds["principal"]), 1),
        "ratio": round(_middle(seconds["principal"]) / _middle(seconds["owner"]), 3),
        "ratio_of_pairs": round(ratios[len(ratios) // 2], 3),
        "owner_seconds": median(seconds["owner"]),
    }


def _middle(values: list[float]) -> float:
    return sorted(values)[len(values) // 2]


def _session_of(root: Path) -> Any:  # noqa: ANN401 - as above
    """Return a classic session over a fresh lakehouse with a few tables and the grants of a principal."""
    from pyspark.sql import SparkSession

    from lakewright.engine import EngineSettings
    from lakewright.engine.installation.classpath import own_jars
    from lakewright.engine.installation.java import find_java
    from lakewright.engine.jvm.options import TUNING_OPTIONS
    from lakewright.engine.settings.spark_properties import spark_properties

    lakehouse = root / ".lakewright" / "lakehouse"
    lakehouse.mkdir(parents=True)
    people = {"version": 1, "users": ["ana@example.com"], "groups": {"readers": ["ana@example.com"]}}
    people["groups"] |= {f"group{number}": [] for number in range(OTHERS)}
    (lakehouse / "principals.json").write_text(json.dumps(people), encoding="utf-8")
    settings = spark_properties(lakehouse, EngineSettings())
    settings["spark.driver.extraClassPath"] = os.pathsep.join(map(str, own_jars(find_java())))
    settings["spark.driver.extraJavaOptions"] = " ".join(TUNING_OPTIONS)
    builder = SparkSession.builder
    for key, value in settings.items():
        builder = builder.config(key, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    session.sql("CREATE CATALOG bench")
    session.sql("CREATE SCHEMA bench.s")
    session.sql("CREATE TABLE bench.s.orders AS SELECT id, id % 7 AS g FROM range(100)")
    session.sql("CREATE TABLE bench.s.totals AS SELECT id AS g, id * 2 AS v FROM range(7)")
    session.sql("CREATE TABLE bench.s.written (id BIGINT, g BIGINT)")
    session.sql("CREATE VIEW bench.s.seen AS SELECT g, count(*) AS n FROM bench.s.orders GROUP BY g")
    session.sql("GRANT USE CATALOG ON CATALOG bench TO `account users`")
    session.sql("GRANT USE SCHEMA, SELECT, MODIFY ON SCHEMA bench.s TO readers")
    for number in range(OTHERS):
        session.sql(f"GRANT SELECT ON SCHEMA bench.s TO group{number}")
    return session


if __name__ == "__main__":
    print(json.dumps(measure(), indent=2))
