"""Commands on a warm engine, each in a process of its own (`LAKEWRIGHT_WARM=0`) and forked from the warm process.

The project is a copy of the flights. Both ways alternate. The CPU seconds are those of the command's own process: the fork needs about
0.1 s more for a query and 0.5 s more for a test, and the engine does the same work for both ways.
"""

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from measure import median

from lakewright.engine import stop_engine
from lakewright.warm.place import WarmPlace

REPEATS = 5
FLIGHTS = Path(__file__).parent.parent / "examples" / "flights"
LAKEWRIGHT = str(Path(sys.executable).with_name("lakewright"))
OTHERS = {
    "validate": [LAKEWRIGHT, "validate"],
    "doctor": [LAKEWRIGHT, "doctor"],
    "config show": [LAKEWRIGHT, "config", "show"],
    "shell, to its prompt and back": [LAKEWRIGHT, "shell", "-c", "spark"],
}
TEST = "def test_one(spark):\n    assert spark.range(3).count() == 3\n"
_IMPORT_SECONDS = 120


def measure() -> dict[str, object]:
    """Measure `lakewright sql` and one Spark test both ways, then commands that only run alone."""
    with tempfile.TemporaryDirectory(prefix="warm-") as temporary:
        project, kept = Path(temporary, "flights"), Path(temporary, "kept")
        shutil.copytree(FLIGHTS, project, ignore=shutil.ignore_patterns(".lakewright", ".venv"))
        (project / "tests" / "unit" / "test_one.py").write_text(TEST, encoding="utf-8")
        sql = [LAKEWRIGHT, "sql", "SELECT 1"]
        one_test = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "--no-cov",
            f"--keep-engine={kept}",
            "tests/unit/test_one.py",
        ]
        try:
            return {
                "lakewright sql": _both(sql, project, project),
                "one Spark test": _both(one_test, project, kept),
                "alone": {name: _alone(command, project) for name, command in OTHERS.items()},
                "aims": "sql <= 0.7 s, one test <= 2 s, on an idle machine",
                "repeats": REPEATS,
            }
        finally:
            stop_engine(project)
            stop_engine(kept)


def _both(command: list[str], project: Path, place: Path) -> dict[str, object]:
    """Start engine and warm process, then measure alternately."""
    _once(command, project)
    _wait_for(lambda: WarmPlace(place).identity() is not None)
    alone, warm = [], []
    for _ in range(REPEATS + 1):
        alone.append(_once(command, project, LAKEWRIGHT_WARM="0"))
        warm.append(_once(command, project))
    # The first of each is not counted: the warm process may still import.
    return {"alone": _seconds(alone[1:]), "warm": _seconds(warm[1:])}


def _alone(command: list[str], project: Path) -> dict[str, float]:
    return _seconds([_once(command, project) for _ in range(REPEATS)])


def _once(command: list[str], cwd: Path, **variables: str) -> tuple[float, float]:
    """Run a command; return its clock seconds, and its CPU seconds without those of a fork."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    done = subprocess.run(
        command, cwd=cwd, env={**os.environ, **variables}, capture_output=True, text=True, check=False
    )
    seconds = time.monotonic() - started
    if done.returncode not in {0, 2}:  # `doctor` reports with 2 what this machine lacks
        raise RuntimeError(
            f"{command} ended with {done.returncode}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
        )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _seconds(measured: list[tuple[float, float]]) -> dict[str, float]:
    return {"clock": median([clock for clock, _ in measured]), "cpu": median([cpu for _, cpu in measured])}


def _wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _IMPORT_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            raise RuntimeError("no warm process was left behind")
        time.sleep(0.1)


if __name__ == "__main__":
    print(json.dumps(measure(), indent=2))
