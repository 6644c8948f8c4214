"""`lakewright run main_pipeline`, on an engine and classic, against one script that does the same in one session: wall time, as a ratio.

Both start with an empty lakehouse and no engine, alternating, and without the last month. Then the same again with nothing new and the
engine still running, then with the last month: what a developer waits for.
"""

import json
import sys
import tempfile
from pathlib import Path

from flights_project import FlightsProject
from measure import median, run

from lakewright.engine import stop_engine

REPEATS = 2
TASKS = 7
HERE = Path(__file__).parent
STATES = ("cold", "again", "month", "again_after_month")
WAYS = ("by_hand", "kit", "classic")


def measure() -> dict[str, object]:
    """Measure both ways in each state."""
    walls: dict[str, list[float]] = {}
    tasks: list[float] = []
    with tempfile.TemporaryDirectory() as temporary:
        for repeat in range(REPEATS):
            for way in WAYS:
                project = FlightsProject(Path(temporary) / f"{way}{repeat}" / "flights")
                for state in STATES:
                    if state == "month":
                        project.deliver_the_last_month()
                    walls.setdefault(f"{way}_{state}_seconds", []).append(_run(way, project))
                    if way == "kit" and state == "cold":
                        tasks.append(_seconds_in_tasks(project.folder))
                stop_engine(project.folder)
    medians = {name: median(values) for name, values in walls.items()}
    ratios = {
        f"{way}_ratio_{state}": round(
            medians[f"{way}_{state}_seconds"] / medians[f"by_hand_{state}_seconds"], 2
        )
        for way in ("kit", "classic")
        for state in STATES
    }
    return {
        **medians,
        **ratios,
        "overhead_per_task_seconds": round(
            (medians["kit_cold_seconds"] - medians["by_hand_cold_seconds"]) / TASKS, 2
        ),
        "seconds_inside_tasks": median(tasks),
        "tasks": TASKS,
        "aim": "cold <= 75 s, again <= 12 s, one new month <= 25 s; overhead <= 1 s a task",
        "repeats": REPEATS,
    }


def _run(way: str, project: FlightsProject) -> float:
    command = {
        "by_hand": [sys.executable, str(HERE / "flights_by_hand.py")],
        "kit": [sys.executable, "-m", "lakewright", "run", "main_pipeline"],
        "classic": [sys.executable, "-m", "lakewright", "run", "main_pipeline", "--classic"],
    }[way]
    return run(command, cwd=project.folder, environment=project.environment).wall


def _seconds_in_tasks(project: Path) -> float:
    summary = json.loads(
        (project / ".lakewright" / "runs" / "latest" / "summary.json").read_text(encoding="utf-8")
    )
    keys = [task["key"] for task in summary["tasks"]]
    leaves = {key for key in keys if not any(other.startswith(f"{key}/") for other in keys)}
    return float(sum(task["seconds"] or 0 for task in summary["tasks"] if task["key"] in leaves))
