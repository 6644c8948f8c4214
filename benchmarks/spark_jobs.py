"""How many Spark jobs, SQL executions and tasks each step of `main_pipeline` starts: figures that do not depend on the machine.

Spark's event log tells. Each task of a job has a session of its own; the sessions come in the order of the walk.
"""

import json
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from flights_project import FlightsProject
from measure import run

from lakewright.engine import stop_engine

STATES = ("cold", "again", "month")
STEPS = (
    "ingest_bronze",
    "transform_silver_gold",
    "features",
    "train_mlflow",
    "evaluation",
    "batch_scoring",
    "monitoring",
)
_SESSION = re.compile(r"Session_([0-9a-f-]{36})")


def measure() -> dict[str, object]:
    """Count in each state: cold, again with nothing new, and with one more month."""
    with tempfile.TemporaryDirectory() as temporary:
        events = Path(temporary) / "events"
        events.mkdir()
        log = {"enabled": "true", "dir": f"file:{events}", "rolling.enabled": "false", "compress": "false"}
        project = FlightsProject(
            Path(temporary) / "flights", {f"spark.eventLog.{key}": value for key, value in log.items()}
        )
        for state in STATES:
            if state == "month":
                project.deliver_the_last_month()
            command = [sys.executable, "-m", "lakewright", "run", "main_pipeline"]
            run(command, cwd=project.folder, environment=project.environment)
        stop_engine(project.folder)
        (written,) = events.iterdir()
        counted = count(map(json.loads, written.read_text(encoding="utf-8").splitlines()))
    return by_state(list(counted.values()))


def count(events: Iterable[Mapping[str, Any]]) -> dict[str, Counter[str]]:
    """Return for each Connect session, in order, its jobs, its SQL executions without inner ones, and its Spark tasks."""
    found: dict[str, Counter[str]] = {}
    stages: dict[int, str] = {}
    for event in events:
        kind = event["Event"].rpartition(".")[2]
        if kind == "SparkListenerConnectSessionStarted":
            found.setdefault(event["sessionId"], Counter())
        elif kind == "SparkListenerSQLExecutionStart":
            session = _session(" ".join(event.get("jobTags") or ()))
            if session and event.get("rootExecutionId") in (None, event["executionId"]):
                found.setdefault(session, Counter())["executions"] += 1
        elif kind == "SparkListenerJobStart":
            session = _session(event.get("Properties", {}).get("spark.job.tags", ""))
            if session:
                found.setdefault(session, Counter())["jobs"] += 1
                stages |= dict.fromkeys(event["Stage IDs"], session)
        elif kind == "SparkListenerTaskEnd" and event["Stage ID"] in stages:
            found[stages[event["Stage ID"]]]["tasks"] += 1
    return found


def by_state(sessions: list[Counter[str]]) -> dict[str, object]:
    """Return the figures of each step in each state, and their sums."""
    expected = len(STATES) * len(STEPS)
    if len(sessions) < expected:
        raise RuntimeError(f"{len(sessions)} sessions in the event log, {expected} expected")
    # The first ones may belong to the start of the engine.
    steps = iter(sessions[len(sessions) - expected :])
    result: dict[str, object] = {}
    for state in STATES:
        counted = {step: next(steps) for step in STEPS}
        result[state] = {
            "all": dict(sum(counted.values(), Counter())),
            **{step: dict(figures) for step, figures in counted.items()},
        }
    return {**result, "aim": "cold 140 jobs; again 20 executions"}


def _session(tags: str) -> str | None:
    match = _SESSION.search(tags)
    return match[1] if match else None
