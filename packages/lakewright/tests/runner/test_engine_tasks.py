"""Tasks on the real engine."""

from typing import Any

import pytest

from lakewright.engine import ensure_engine, stop_engine
from lakewright.runner.run import run_job

pytestmark = [pytest.mark.integration, pytest.mark.slow]


def test_smoke(project: Any) -> None:
    import time

    cells = [
        "print(spark.range(5).count())",
        "spark.sql('select 1 as a').createOrReplaceTempView('v')",
        "display(spark.table('v'))",
    ]
    a = project.task("a", *cells)
    b = project.task("b", *cells, after=["a"])
    c = project.task("c", *cells, after=["b"])
    t = time.monotonic()
    try:
        summary = run_job(project.bundle(a, b, c), "main", engine=lambda: ensure_engine(project.root))
        print("total", time.monotonic() - t)
        print([(k, r.seconds, r.problem) for k, r in summary.tasks.items()])
        print(project.log("a"))
    finally:
        stop_engine(project.root)
