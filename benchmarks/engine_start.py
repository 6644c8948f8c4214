"""The small flow in a fresh process: Delta's pip set-up with Spark's defaults, the engine, and each step between them.

The defaults resolve their jars from a filled Ivy cache, so no download is counted on either side; the plugin is compiled
and the class archives are written before the first counted run, as on any machine from the second day on.
"""

import json
import sys
import tempfile
from pathlib import Path

from measure import Cost, median, memory_mib, run

from lakewright.engine import engine_status, ensure_engine, stop_engine

REPEATS = 3
FLOW = str(Path(__file__).parent / "small_flow.py")
LADDER = {
    "pip": "Delta's pip set-up, Spark's defaults",
    "jars": "+ jars from the lock, no Ivy",
    "spark": "+ Spark settings",
    "jvm": "+ quick compiler, serial collector",
    "archive": "+ archive of loaded classes",
}
COLD, RUNNING = "engine, cold", "engine, already running"
CLASSIC = "engine, already running, classic session"
Runs = dict[str, list[tuple[Cost, dict[str, float]]]]


def measure() -> dict[str, object]:
    """Measure every way, alternating, each with an empty folder; then the ratios against the defaults."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for way in ("pip", "archive"):
            _flow(way, folder / "warm" / way)
        for _ in range(2):
            ensure_engine(folder / "warm" / "engine")
            stop_engine(folder / "warm" / "engine")
        rows: Runs = {}
        for repeat in range(REPEATS):
            base = folder / str(repeat)
            for way, name in LADDER.items():
                rows.setdefault(name, []).append(_flow(way, base / way))
            rows.setdefault(COLD, []).append(_flow("engine", base / "engine"))
            rows.setdefault(RUNNING, []).append(_flow("engine", base / "engine"))
            rows.setdefault(CLASSIC, []).append(_flow("classic", base / "engine"))
            stop_engine(base / "engine")
    return {
        "ways": {name: _summary(runs) for name, runs in rows.items()},
        **_ratios(rows),
        "repeats": REPEATS,
    }


def _flow(way: str, folder: Path) -> tuple[Cost, dict[str, float]]:
    folder.mkdir(parents=True, exist_ok=True)
    handle = engine_status(folder)
    cost = run([sys.executable, FLOW, way, str(folder)], cwd=folder, timeout=300)
    # An engine that was running before is no child of the process that uses it: its memory is added, as it is at the end.
    peak = cost.peak_mib + (memory_mib(handle.pid) if handle else 0)
    return Cost(cost.wall, round(peak), cost.output), json.loads(cost.output.splitlines()[-1])


def _summary(runs: list[tuple[Cost, dict[str, float]]]) -> dict[str, float]:
    laps = {name: median([each[name] for _, each in runs]) for name in runs[0][1]}
    return {
        **laps,
        "process": median([cost.wall for cost, _ in runs]),
        "memory_mib": median([cost.peak_mib for cost, _ in runs]),
    }


def _ratios(rows: Runs) -> dict[str, object]:
    def seconds(name: str, *laps: str) -> float:
        return median([sum(each[lap] for lap in laps) for _, each in rows[name]])

    first = LADDER["pip"]
    start = ("session", "first_write")
    return {
        "start_and_first_write_ratio": round(seconds(first, *start) / seconds(COLD, *start), 2),
        "flow_ratio_cold": round(seconds(first, "flow") / seconds(COLD, "flow"), 2),
        "flow_ratio_running": round(seconds(first, "flow") / seconds(RUNNING, "flow"), 2),
        "flow_ratio_each_step": {
            name: round(seconds(first, "flow") / seconds(name, "flow"), 2)
            for name in (*LADDER.values(), COLD, RUNNING, CLASSIC)
        },
        "aim": "ratios >= 3",
    }
