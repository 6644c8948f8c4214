"""The small flow in a fresh process: Delta's pip set-up with Spark's defaults against the engine, and what each brings.

The defaults resolve their jars from a filled Ivy cache, so no download is counted on either side; the plugin is compiled
and the class archive written before the first counted run, as on any machine from the second day on.
"""

import json
import sys
import tempfile
from pathlib import Path

from measure import Cost, median, run, tree

from lakewright.engine import engine_status, ensure_engine, stop_engine

REPEATS = 3
FLOW = str(Path(__file__).parent / "small_flow.py")


def measure() -> dict[str, object]:
    """Measure every way, alternating, each with an empty folder; then the ratios against the defaults."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        _warm_up(folder / "warm")
        rows: dict[str, list[tuple[Cost, dict[str, float]]]] = {}
        for repeat in range(REPEATS):
            base = folder / str(repeat)
            rows.setdefault("defaults (Delta's pip set-up)", []).append(_defaults(base / "defaults"))
            rows.setdefault("classic, tuned", []).append(_ours("classic", base / "classic"))
            cold = base / "connect"
            rows.setdefault("engine, cold", []).append(_ours("connect", cold))
            rows.setdefault("engine, already running", []).append(_ours("connect", cold))
            stop_engine(cold)
        return {
            "ways": {name: _summary(runs) for name, runs in rows.items()},
            **_ratios(rows),
            "repeats": REPEATS,
        }


def memory_of_engine(folder: Path) -> float:
    """Read the engine's proportional memory, in MiB, while it runs."""
    handle = engine_status(folder)
    if handle is None:
        return 0.0
    from measure import _proportional_mib

    return round(sum(_proportional_mib(pid) for pid in tree(handle.pid)))


def _warm_up(folder: Path) -> None:
    _defaults(folder / "defaults")
    for _ in range(2):
        ensure_engine(folder / "engine")
        stop_engine(folder / "engine")


def _defaults(folder: Path) -> tuple[Cost, dict[str, float]]:
    folder.mkdir(parents=True)
    cost = run([sys.executable, FLOW, "defaults", str(folder)], cwd=folder)
    return cost, json.loads(cost.output.splitlines()[-1])


def _ours(kind: str, folder: Path) -> tuple[Cost, dict[str, float]]:
    folder.mkdir(parents=True, exist_ok=True)
    cost = run([sys.executable, FLOW, kind, str(folder)], cwd=folder)
    laps = json.loads(cost.output.splitlines()[-1])
    return Cost(cost.wall, cost.peak_mib + memory_of_engine(folder), cost.output), laps


def _summary(runs: list[tuple[Cost, dict[str, float]]]) -> dict[str, float]:
    laps = {name: median([each[name] for _, each in runs]) for name in runs[0][1]}
    return {
        **laps,
        "process": median([cost.wall for cost, _ in runs]),
        "memory_mib": median([cost.peak_mib for cost, _ in runs]),
    }


def _ratios(rows: dict[str, list[tuple[Cost, dict[str, float]]]]) -> dict[str, object]:
    def seconds(name: str, *laps: str) -> float:
        return median([sum(each[lap] for lap in laps) for _, each in rows[name]])

    first = "defaults (Delta's pip set-up)"
    return {
        "start_and_first_write_ratio": round(
            seconds(first, "session", "first_write") / seconds("engine, cold", "session", "first_write"), 2
        ),
        "flow_ratio_cold": round(seconds(first, "flow") / seconds("engine, cold", "flow"), 2),
        "flow_ratio_running": round(seconds(first, "flow") / seconds("engine, already running", "flow"), 2),
        "aim": "ratios >= 3",
    }
