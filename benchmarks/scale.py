"""`main_pipeline` with 1, 10 and 30 times the flights: what grows with the rows, and what with the new rows only.

    python benchmarks/scale.py                 measure every scale that is not in results/scale.json yet
    python benchmarks/scale.py --scale 10      measure this one, also again; results/scale.json keeps the others
    python benchmarks/scale.py --every 20      try the script on each twentieth flight; writes no result

Each scale begins with an empty lakehouse and without the last month: a cold run, the same again with nothing new, then one more month.
The generated flights are copies of the real ones (see `multiplied_flights`). Nothing else may run on the machine.
"""

import argparse
import json
import math
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from flights_project import FlightsProject
from machine import describe
from process_costs import RunCost, run_measured

from lakewright.engine import stop_engine

SCALES = (1, 10, 30)
STATES = ("cold", "again", "month")
RESULT = Path(__file__).parent / "results" / "scale.json"
# With few rows no model is good enough for the gate of the project.
LENIENT = {
    "DBX_EXTRA__GATE__MINIMUM_ROC_AUC": "0.5",
    "DBX_EXTRA__GATE__MINIMUM_BRIER_SKILL": "0",
    "DBX_EXTRA__GATE__MAXIMUM_CALIBRATION_GAP": "1",
    "DBX_EXTRA__GATE__MINIMUM_UPLIFT": "-1",
}
_MIB = 2**20


def main() -> None:
    """Measure the wanted scales, and write each as soon as it is measured."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--scale", type=int, action="append", choices=SCALES, help="measure it, also again")
    parser.add_argument(
        "--every", type=int, default=1, help="take each such flight only, and write no result"
    )
    asked = parser.parse_args()
    known = json.loads(RESULT.read_text(encoding="utf-8")) if RESULT.exists() else {"scales": {}}
    for scale in asked.scale or [each for each in SCALES if str(each) not in known["scales"]]:
        print(f"scale {scale} …", flush=True)
        measured = measure(scale, every=asked.every)
        print(json.dumps(measured, indent=2), flush=True)
        if asked.every == 1:
            known = with_scale(known, scale, {"machine": describe(), **measured})
            RESULT.write_text(json.dumps(known, indent=2) + "\n", encoding="utf-8")
        else:
            return


def measure(scale: int, *, every: int = 1) -> dict[str, object]:
    """Measure one scale in each state."""
    with tempfile.TemporaryDirectory(prefix="scale-") as temporary:
        events = Path(temporary) / "events"
        events.mkdir()
        log = {"enabled": "true", "dir": f"file:{events}", "rolling.enabled": "false", "compress": "false"}
        settings = {f"spark.eventLog.{key}": value for key, value in log.items()}
        project = FlightsProject(Path(temporary) / "flights", settings)
        project.multiply(scale, every=every)
        environment = {**project.environment, **(LENIENT if every > 1 else {})}
        costs, states = dict[str, RunCost](), dict[str, dict[str, object]]()
        try:
            for state in STATES:
                if state == "month":
                    project.deliver_the_last_month()
                costs[state] = run_measured(
                    [sys.executable, "-m", "lakewright", "run", "main_pipeline"],
                    cwd=project.folder,
                    environment=environment,
                    mark=temporary,
                    log=Path(temporary) / f"{state}.log",
                )
                states[state] = {**tasks_of(project.folder), **files_of(project.folder)}
        finally:
            stop_engine(project.folder)
        (written,) = events.iterdir()
        with written.open(encoding="utf-8") as stream:
            spark = by_run(map(json.loads, stream), [costs[state].started for state in STATES])
    return {
        state: {
            "seconds": costs[state].seconds,
            "cpu_seconds": costs[state].cpu_seconds,
            "peak_mib": costs[state].peak_mib,
            **figures,
            **states[state],
        }
        for state, figures in zip(STATES, spark, strict=True)
    }


def tasks_of(project: Path) -> dict[str, object]:
    """Return what the record of the last run says: rows and the seconds of each task."""
    path = project / ".lakewright" / "runs" / "latest" / "summary.json"
    summary = json.loads(path.read_text(encoding="utf-8"))
    keys = [task["key"] for task in summary["tasks"]]
    leaves = [key for key in keys if not any(other.startswith(f"{key}/") for other in keys)]
    flights = [item for item in summary["accounting"] if item["source"] == "flights"]
    return {
        "flights": flights[0]["landed"] if flights else None,
        "quarantined": flights[0]["quarantined"] if flights else None,
        "task_seconds": {task["key"]: task["seconds"] for task in summary["tasks"] if task["key"] in leaves},
    }


def files_of(project: Path) -> dict[str, object]:
    """Count the data files of all tables, also of their earlier versions, and the commits."""
    tables = project / ".lakewright" / "lakehouse" / "tables"
    data = [path for path in tables.rglob("*.parquet") if "_delta_log" not in path.parts]
    commits = list(tables.glob("*/_delta_log/*.json"))
    size = sum(path.stat().st_size for path in data) / _MIB
    return {"data_files": len(data), "data_mib": round(size, 1), "commits": len(commits)}


def by_run(events: Iterable[Mapping[str, Any]], started: list[float]) -> list[dict[str, float]]:
    """Return Spark's figures of each run from its event log: jobs, tasks, bytes read and shuffled, and records read.

    Args:
        events: The events.
        started: When each run started, in seconds since 1970, ascending; what is earlier belongs to none.
    """
    found = [Counter[str]() for _ in started]
    for event in events:
        kind = event["Event"].rpartition(".")[2]
        if kind == "SparkListenerJobStart":
            _add(found, started, event["Submission Time"], {"jobs": 1})
        elif kind == "SparkListenerTaskEnd":
            metrics = event.get("Task Metrics") or {}
            counted = {
                "tasks": 1,
                "shuffle_mib": metrics.get("Shuffle Write Metrics", {}).get("Shuffle Bytes Written", 0),
                "input_mib": metrics.get("Input Metrics", {}).get("Bytes Read", 0),
                "records_read": metrics.get("Input Metrics", {}).get("Records Read", 0),
                "spilled_mib": metrics.get("Disk Bytes Spilled", 0),
            }
            _add(found, started, event["Task Info"]["Launch Time"], counted)
    return [
        {name: round(value / _MIB, 1) if name.endswith("_mib") else value for name, value in each.items()}
        for each in found
    ]


def _add(found: list[Counter[str]], started: list[float], moment: int, counted: Mapping[str, int]) -> None:
    """Add to the last run that had started at a moment, in milliseconds since 1970."""
    before = [place for place, each in enumerate(started) if each * 1000 <= moment]
    if before:
        found[before[-1]].update(counted)


def with_scale(known: Mapping[str, Any], scale: int, measured: Mapping[str, Any]) -> dict[str, Any]:
    """Return the result with one more scale, and the slopes if both ends are there."""
    scales = {**known["scales"], str(scale): dict(measured)}
    ordered = {str(each): scales[str(each)] for each in SCALES if str(each) in scales}
    result: dict[str, Any] = {"scales": ordered}
    if {"10", "30"} <= set(ordered):
        result["slope_from_10_to_30"] = slopes(ordered["10"], ordered["30"], 3)
    return {**result, "aim": "slope <= 1.05; one more month costs as its rows, not as the table"}


def slopes(less: Mapping[str, Any], more: Mapping[str, Any], factor: float) -> dict[str, dict[str, float]]:
    """Return for each state with which power of the rows its figures grow: 1 is in proportion, 0 not at all.

    Args:
        less: The figures at one scale.
        more: The figures at a larger one.
        factor: How many times the rows.
    """

    def power(small: float, large: float) -> float:
        return round(math.log(large / small) / math.log(factor), 2)

    return {
        state: {
            "seconds": power(less[state]["seconds"], more[state]["seconds"]),
            "cpu_seconds": power(*(sum(each[state]["cpu_seconds"].values()) for each in (less, more))),
            "peak_mib": power(less[state]["peak_mib"]["all"], more[state]["peak_mib"]["all"]),
            "shuffle_mib": power(*(max(each[state]["shuffle_mib"], 0.1) for each in (less, more))),
        }
        for state in STATES
    }


if __name__ == "__main__":
    main()
