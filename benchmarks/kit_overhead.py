"""`lakewright run main_pipeline` against one script that does the same work in one session: wall time, as a ratio.

Both start with an empty lakehouse and no engine, alternating. The second pair of figures is the same again with the engine
still running and everything ingested already: what a developer waits for.
"""

import json
import shutil
import sys
import tempfile
from pathlib import Path

from measure import median, run

from lakewright.engine import stop_engine

REPEATS = 2
HERE = Path(__file__).parent
FLIGHTS = HERE.parent / "examples" / "flights"


def measure() -> dict[str, object]:
    """Measure both ways, cold and again."""
    walls: dict[str, list[float]] = {}
    tasks: list[float] = []
    with tempfile.TemporaryDirectory() as temporary:
        for repeat in range(REPEATS):
            for way in ("by_hand", "kit"):
                project = _copy(Path(temporary) / f"{way}{repeat}")
                for state in ("cold", "again"):
                    walls.setdefault(f"{way}_{state}_seconds", []).append(_run(way, project))
                    if way == "kit" and state == "cold":
                        tasks.append(_seconds_in_tasks(project))
                stop_engine(project)
    medians = {name: median(values) for name, values in walls.items()}
    count = _task_count(FLIGHTS)
    return {
        **medians,
        "ratio_cold": round(medians["kit_cold_seconds"] / medians["by_hand_cold_seconds"], 2),
        "ratio_again": round(medians["kit_again_seconds"] / medians["by_hand_again_seconds"], 2),
        "overhead_per_task_seconds": round(
            (medians["kit_cold_seconds"] - medians["by_hand_cold_seconds"]) / count, 2
        ),
        "seconds_inside_tasks": median(tasks),
        "tasks": count,
        "aim": "ratio <= 1.3, overhead <= 1 s a task",
        "repeats": REPEATS,
    }


def _copy(target: Path) -> Path:
    shutil.copytree(FLIGHTS, target, ignore=shutil.ignore_patterns(".lakewright", ".venv", "__pycache__"))
    return target


def _run(way: str, project: Path) -> float:
    command = {
        "by_hand": [sys.executable, str(HERE / "flights_by_hand.py")],
        "kit": [sys.executable, "-m", "lakewright", "run", "main_pipeline"],
    }[way]
    threads = {"OMP_NUM_THREADS": "1", "OMP_WAIT_POLICY": "PASSIVE", "OPENBLAS_NUM_THREADS": "1"}
    return run(command, cwd=project, environment={"PYTHONPATH": str(project / "src"), **threads}).wall


def _seconds_in_tasks(project: Path) -> float:
    summary = json.loads(
        (project / ".lakewright" / "runs" / "latest" / "summary.json").read_text(encoding="utf-8")
    )
    keys = [task["key"] for task in summary["tasks"]]
    leaves = {key for key in keys if not any(other.startswith(f"{key}/") for other in keys)}
    return float(sum(task["seconds"] or 0 for task in summary["tasks"] if task["key"] in leaves))


def _task_count(project: Path) -> int:
    jobs = [path.read_text(encoding="utf-8") for path in (project / "resources").glob("*.job.yml")]
    leaves = ("notebook_task:", "python_wheel_task:", "spark_python_task:")
    pipeline = [text for text in jobs if "test_job:" not in text]
    return sum(text.count(leaf) for text in pipeline for leaf in leaves)
