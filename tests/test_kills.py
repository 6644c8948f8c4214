"""The flights project with two months of data: whatever is killed in the middle, the same command again mends it."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from lakewright.engine import ensure_engine, stop_engine
from lakewright.engine.locks import holder
from lakewright.interactive import engine_settings

pytestmark = [pytest.mark.integration, pytest.mark.slow]

EXAMPLE = Path(__file__).parent.parent / "examples" / "flights"
COMMAND = [sys.executable, "-m", "lakewright", "run", "main_pipeline", "--only", "ingestion,transformation"]
KILLS = int(
    os.environ.get("LAKEWRIGHT_TEST_KILLS", "1")
)  # how often in a row, before the run that must mend it
# What a crash may neither lose nor double, and what must be the same rows in the end, not only as many.
CHECKS = {
    "bronze": "SELECT count(*), count(DISTINCT _file_sha256, _row) FROM {bronze}.flights",
    "weather": "SELECT count(*), count(DISTINCT _file_sha256, _row) FROM {bronze}.weather",
    "silver": "SELECT count(*), count(DISTINCT flight_date, carrier, flight_number, origin), sum(hash(carrier, flight_number, "
    "flight_date, arrival)) FROM {silver}.flights",
    "quarantine": "SELECT count(*) FROM {quarantine}.flights",
    "gold": "SELECT count(*), sum(hash(*)) FROM {gold}.delays_by_carrier_route_day",
    "features": "SELECT count(*) FROM {features}.flight_features",
}


def _project(folder):
    """Copy the example with its first two months."""
    shutil.copytree(
        EXAMPLE, folder, ignore=shutil.ignore_patterns(".lakewright", ".venv", "__pycache__", "dist")
    )
    for source in ("flights", "weather"):
        for drop in sorted((folder / "data" / "landing" / source).iterdir())[2:]:
            drop.unlink()
    return folder


def _start(project):
    environ = {**os.environ, "PYTHONPATH": str(project / "src")}
    return subprocess.Popen(
        COMMAND, cwd=project, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def _tables(project):
    spark = ensure_engine(project, settings=engine_settings(project)).connect()
    schemas = {
        layer: f"local_analytics.flights_{layer}"
        for layer in ("bronze", "silver", "quarantine", "gold", "features")
    }
    return {name: tuple(spark.sql(query.format(**schemas)).collect()[0]) for name, query in CHECKS.items()}


def _children(pid):
    listed = subprocess.run(
        ["ps", "-o", "pid=,args=", "--ppid", str(pid)], capture_output=True, text=True, check=False
    )
    return [int(line.split()[0]) for line in listed.stdout.splitlines() if "task_process" in line]


def _victims(kind, runner, project):
    if kind == "runner":
        return [runner.pid]
    if kind == "task":
        return _children(runner.pid)
    return [pid for pid in [holder(project / ".lakewright" / "engine.lock")] if pid]


@pytest.fixture(scope="module")
def calm(tmp_path_factory):
    """A project whose run had no accident; its engine is ended while others are tried."""
    project = _project(tmp_path_factory.mktemp("calm") / "flights")
    run = _start(project)
    output, _ = run.communicate(timeout=600)
    assert run.returncode == 0, output
    yield project
    stop_engine(project)


@pytest.fixture(scope="module")
def expected(calm):
    """What its tables hold."""
    found = _tables(calm)
    stop_engine(calm)
    return found


@pytest.mark.parametrize(("kind", "seed"), [("runner", 1), ("task", 2), ("engine", 3)])
def test_the_same_command_after_a_kill_neither_loses_nor_doubles_a_row(tmp_path, expected, kind, seed):
    project = _project(tmp_path / "flights")
    moments = random.Random(seed)
    try:
        for _ in range(KILLS):
            run = _start(project)
            time.sleep(moments.uniform(6, 30))
            for pid in _victims(kind, run, project):
                os.kill(pid, signal.SIGKILL)
            run.communicate(timeout=300)
        again = _start(project)
        output, _ = again.communicate(timeout=600)
        assert again.returncode == 0, output
        assert _tables(project) == expected
    finally:
        stop_engine(project)


def test_the_check_of_this_file_sees_a_doubled_row(calm, expected):
    spark = ensure_engine(calm, settings=engine_settings(calm)).connect()
    silver = "local_analytics.flights_silver.flights"
    spark.sql(f"INSERT INTO {silver} SELECT * FROM {silver} LIMIT 1").collect()
    assert _tables(calm)["silver"] != expected["silver"]
