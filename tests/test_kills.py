"""The flights project with four months of data: whatever is killed in the middle, the same command again fixes it."""

import json
import os
import random
import re
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
COMMAND = [sys.executable, "-m", "lakewright", "run", "main_pipeline"]
MONTHS = 4
PERIODS = """periods:
    train: {first: 2013-01-01, last: 2013-02-01}
    validate: {first: 2013-03-01, last: 2013-03-01}
    score: {first: 2013-04-01, last: 2013-04-01}
"""
INGEST, TRANSFORM, FEATURES = (
    "ingestion.ingest_bronze",
    "transformation.transform_silver_gold",
    "transformation.features",
)
TRAIN, SCORE, MONITOR = (
    "training.train_mlflow",
    "batch_scoring.batch_scoring",
    "monitoring.monitoring",
)
# What a crash may neither lose nor double, and what must be the same rows in the end, not only as many.
CHECKS = {
    "bronze": "SELECT count(*), count(DISTINCT _file_sha256, _row) FROM {bronze}.flights",
    "weather": "SELECT count(*), count(DISTINCT _file_sha256, _row) FROM {bronze}.weather",
    "checked": "SELECT count(*), count(DISTINCT _file_sha256, _row) FROM {silver}.flights_checked",
    "silver": "SELECT count(*), count(DISTINCT flight_date, carrier, flight_number, origin), sum(hash(carrier, flight_number, "
    "flight_date, arrival)) FROM {silver}.flights",
    "quarantine": "SELECT count(*) FROM {quarantine}.flights",
    "enriched": "SELECT count(*), count(DISTINCT flight_date, carrier, flight_number, origin) FROM {silver}.flights_enriched",
    "gold": "SELECT count(*), sum(hash(*)) FROM {gold}.delays_by_carrier_route_day",
    "features": "SELECT count(*), sum(hash(*)) FROM {features}.flight_features",
    "predictions": "SELECT count(*), count(DISTINCT flight_date, carrier, flight_number, origin), round(sum(score), 6), "
    "count(DISTINCT model_version) FROM {gold}.predictions",
    "profile": "SELECT count(*), count(DISTINCT window, model_id, column_name) FROM {ops}.profile_metrics",
    "drift": "SELECT count(*), count(DISTINCT window, model_id, column_name) FROM {ops}.drift_metrics",
}


def _project(folder):
    """Copy the example with its first months, and periods that fit them."""
    left_out = shutil.ignore_patterns(".lakewright", ".venv", "__pycache__", "dist")
    shutil.copytree(EXAMPLE, folder, ignore=left_out)
    for source in ("flights", "weather"):
        for drop in sorted((folder / "data" / "landing" / source).iterdir())[MONTHS:]:
            drop.unlink()
    defaults = folder / "config" / "defaults.yaml"
    text, found = re.subn(r"periods:.*\n(    \w+: .*\n){3}", PERIODS, defaults.read_text(encoding="utf-8"))
    assert found == 1
    defaults.write_text(text, encoding="utf-8")
    return folder


def _start(project):
    environ = {**os.environ, "PYTHONPATH": str(project / "src")}
    return subprocess.Popen(
        COMMAND, cwd=project, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def _finish(project):
    run = _start(project)
    output, _ = run.communicate(timeout=900)
    assert run.returncode == 0, output


def _tables(project):
    spark = ensure_engine(project, settings=engine_settings(project)).connect()
    layers = ("bronze", "silver", "quarantine", "gold", "features", "ops")
    schemas = {layer: f"local_analytics.flights_{layer}" for layer in layers}
    return {name: tuple(spark.sql(query.format(**schemas)).collect()[0]) for name, query in CHECKS.items()}


def _wait_for(run, condition):
    deadline = time.monotonic() + 600
    while not condition():
        assert run.poll() is None, run.communicate()[0]
        assert time.monotonic() < deadline, "took too long"
        time.sleep(0.05)


def _kill_in(project, task, kind, delay):
    """Start the pipeline, and kill one kind of process so many seconds after a task has begun; it must hit."""
    latest = project / ".lakewright" / "runs" / "latest"
    before = latest.resolve()
    run = _start(project)
    _wait_for(run, lambda: latest.resolve() != before and (latest / f"{task}.log").exists())
    time.sleep(delay)
    key = task.replace(".", "/")
    assert run.poll() is None, "the run was over before the kill"
    ended = {entry["key"] for entry in json.loads((latest / "summary.json").read_text())["tasks"]}
    assert key not in ended, f"{task} was over before the kill"
    victims = [run.pid] if kind == "runner" else {"task": _task_processes, "engine": _engine}[kind](project)
    assert victims
    for pid in victims:
        os.kill(pid, signal.SIGKILL)
    output, _ = run.communicate(timeout=300)
    assert run.returncode != 0, output
    if kind != "runner":
        assert "--resume" in output


def _task_processes(project):
    """Find the processes of the project's tasks by their title and their working folder."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            title = (entry / "comm").read_text(encoding="ascii").strip()
            if title == "lakewright-task" and (entry / "cwd").resolve().is_relative_to(project.resolve()):
                found.append(int(entry.name))
        except OSError:
            continue
    return found


def _engine(project):
    return [pid for pid in [holder(project / ".lakewright" / "engine.lock")] if pid]


@pytest.fixture(scope="module")
def calm(tmp_path_factory):
    """A project whose run had no accident; its engine is ended while others are tried."""
    project = _project(tmp_path_factory.mktemp("calm") / "flights")
    _finish(project)
    yield project
    stop_engine(project)


@pytest.fixture(scope="module")
def expected(calm):
    """What its tables hold."""
    found = _tables(calm)
    stop_engine(calm)
    return found


@pytest.mark.parametrize(
    ("seed", "accidents"),
    [
        (
            1,
            [
                ("runner", INGEST, 4.0),
                ("task", TRANSFORM, 12.0),
                ("engine", TRANSFORM, 12.0),
                ("runner", TRANSFORM, 6.0),
            ],
        ),
        (
            2,
            [("engine", INGEST, 4.0), ("task", TRAIN, 4.0), ("runner", SCORE, 2.0), ("engine", MONITOR, 1.0)],
        ),
        (3, [("task", INGEST, 4.0), ("runner", FEATURES, 1.0), ("engine", TRAIN, 2.0), ("task", SCORE, 2.0)]),
    ],
)
def test_the_same_command_after_kills_neither_loses_nor_doubles_a_row(tmp_path, expected, seed, accidents):
    project = _project(tmp_path / "flights")
    moments = random.Random(seed)
    try:
        for kind, task, longest in accidents:
            _kill_in(project, task, kind, moments.uniform(0, longest))
        _finish(project)
        assert _tables(project) == expected
    finally:
        stop_engine(project)


def test_the_check_of_this_file_sees_a_doubled_row(calm, expected):
    spark = ensure_engine(calm, settings=engine_settings(calm)).connect()
    silver = "local_analytics.flights_silver.flights"
    spark.sql(f"INSERT INTO {silver} SELECT * FROM {silver} LIMIT 1").collect()
    assert _tables(calm)["silver"] != expected["silver"]
