"""Valid and quarantined rows with their reasons, written to Delta: ours, by hand, and other tools; CPU seconds first.

    python benchmarks/quality_split.py --tools PYTHON      measure every series that is not in results/quality_split.json yet
    python benchmarks/quality_split.py --series rules      measure this one, also again; the file keeps the others
    python benchmarks/quality_split.py --rows 100000       try the script on so many orders; writes no result

PYTHON is that of an environment of its own with `quality_split.requirements.txt`; without it only ours and the job by hand are measured.
One series is one process with one JVM; the ways alternate in it. Nothing else may run on the machine.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from machine import describe
from measure import median
from quality_ways.session import SETTINGS

from lakewright.engine.installation.jars import ensure_jars
from lakewright.engine.installation.java import find_java

HERE = Path(__file__).parent
RESULT = HERE / "results" / "quality_split.json"
MILLION = 1_000_000
ALL_WAYS = (
    *("ours", "by_hand", "by_hand_two_writes", "copy"),
    *("dqx", "dqx_two_writes", "dqx_one_write"),
    *("great_expectations", "great_expectations_uncached", "great_expectations_rows"),
    *("pandera", "pandera_clean", "cuallee", "duckdb"),
)
SPLITTING = ("ours", "by_hand", "dqx", "dqx_two_writes", "duckdb")
# A way that would take longer is skipped, and the result says so.
LIMIT_SECONDS = 300
AIMS = {"by_hand": "ours <= 1.10", "dqx": ">= 1.5 of ours", "great_expectations": ">= 2.5 of ours"}
# Ways of one tool: the aim is held against the cheapest that does what the tool documents.
DOCUMENTED = {
    "dqx": ("dqx", "dqx_two_writes"),
    "great_expectations": ("great_expectations", "great_expectations_uncached"),
}


@dataclass(frozen=True)
class Series:
    """What is measured together.

    Attributes:
        ways: The ways.
        rows: Numbers of rows, each with the number of repetitions.
        rules: Numbers of rules.
        keys: Whether the key and the foreign key are checked too.
    """

    ways: tuple[str, ...]
    rows: tuple[tuple[int, int], ...]
    rules: tuple[int, ...] = (10,)
    keys: bool = False


SERIES = {
    "rows": Series(ALL_WAYS, ((MILLION, 3), (3 * MILLION, 3), (10 * MILLION, 1))),
    "rules": Series(SPLITTING, ((MILLION, 3),), (1, 10, 100)),
    "keys": Series(
        tuple(way for way in ALL_WAYS if way not in {"copy", "great_expectations_uncached", "pandera"}),
        ((MILLION, 3), (3 * MILLION, 1)),
        keys=True,
    ),
}


def main() -> None:
    """Measure the wanted series, and write each as soon as it is measured."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--series", action="append", choices=tuple(SERIES), help="measure it, also again")
    parser.add_argument("--tools", default=sys.executable, help="the Python that has the other tools")
    parser.add_argument("--rows", type=int, help="take so many orders, twice, and write no result")
    parser.add_argument("--most", type=int, default=10 * MILLION, help="leave out larger numbers of rows")
    parser.add_argument("--data", type=Path, help="a folder that keeps the generated orders")
    asked = parser.parse_args()
    known = json.loads(RESULT.read_text(encoding="utf-8")) if RESULT.exists() else {}
    for name in asked.series or [each for each in SERIES if asked.rows or each not in known]:
        print(f"{name} …", flush=True)
        wanted = SERIES[name]
        rows = ((asked.rows, 2),) if asked.rows else [each for each in wanted.rows if each[0] <= asked.most]
        measured = measure(wanted, rows=rows, tools=asked.tools, data=asked.data)
        print(json.dumps(measured, indent=2), flush=True)
        if not asked.rows:
            known = {**known, "settings": SETTINGS, "aims": AIMS, name: {"machine": describe(), **measured}}
            RESULT.write_text(json.dumps(known, indent=2) + "\n", encoding="utf-8")


def measure(
    series: Series, *, rows: Iterable[tuple[int, int]], tools: str, data: Path | None
) -> dict[str, object]:
    """Measure one series.

    Args:
        series: The series.
        rows: The numbers of rows to take, each with the number of repetitions.
        tools: The Python that has the other tools.
        data: A folder that keeps the generated orders; by default they are removed.
    """
    with tempfile.TemporaryDirectory(prefix="quality-") as temporary:
        folder = data or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        specification = {
            "folder": str(folder.absolute()),
            "classpath": os.pathsep.join(map(str, ensure_jars())),
            "ways": series.ways,
            "rows": list(rows),
            "rules": series.rules,
            "keys": series.keys,
            "limit": LIMIT_SECONDS,
        }
        lines = _run_worker(tools, specification)
    return {**lines[0], **summary(lines[1:])}


def _run_worker(tools: str, specification: Mapping[str, object]) -> list[dict[str, Any]]:
    sources = HERE.parent / "packages" / "databricks-utils" / "src"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SPARK_")}
    environment |= {
        "PYTHONPATH": os.pathsep.join((str(HERE), str(sources))),
        "PYSPARK_PYTHON": tools,
        "JAVA_HOME": str(find_java().home),
    }
    lines: list[dict[str, Any]] = []
    command = [tools, "-W", "ignore", "-m", "quality_ways.worker", json.dumps(specification)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        for line in process.stdout:
            if line.startswith("{"):  # tools print too
                lines.append(json.loads(line))
                print(line.rstrip(), file=sys.stderr, flush=True)
    if process.returncode or not lines:
        raise RuntimeError(f"the measuring process ended with {process.returncode}")
    return lines


def summary(lines: Iterable[Mapping[str, Any]]) -> dict[str, object]:
    """Return the medians of each way, their ratios, and how the cost grows; what failed or was skipped, with the reason.

    Args:
        lines: What the measuring process printed.
    """
    runs: dict[tuple[int, int, str], list[Mapping[str, Any]]] = {}
    unable: dict[str, str] = {}
    for line in lines:
        if "error" in line:
            unable.setdefault(line["way"], line["error"].strip().splitlines()[-1])
        elif "skipped" in line:
            unable.setdefault(f"{line['way']}, {line['rows']} rows", f"would take about {line['skipped']} s")
        elif not line.get("warm"):
            runs.setdefault((line["rows"], line["rules"], line["way"]), []).append(line)
    sizes: dict[str, dict[str, Any]] = {}
    for (rows, rules, way), found in runs.items():
        size = sizes.setdefault(f"{rows} rows, {rules} rules", {"ways": {}})
        size["ways"][way] = {
            "cpu_seconds": median([each["cpu"] for each in found]),
            "wall_seconds": median([each["wall"] for each in found]),
            "runs": len(found),
            "splits": found[0]["outcome"]["valid"] is not None,
            **({"notes": found[0]["outcome"]["notes"]} if found[0]["outcome"]["notes"] else {}),
        }
    for size in sizes.values():
        size["ratios"] = ratios(size["ways"])
    return {"sizes": sizes, "grows": growth(runs), "not_measured": unable}


def ratios(ways: Mapping[str, Mapping[str, float]]) -> dict[str, dict[str, float]]:
    """Return CPU and wall seconds as ratios: ours to the job by hand, and each tool, at its cheapest documented use, to ours."""
    found: dict[str, dict[str, float]] = {}
    for kind in ("cpu", "wall"):
        seconds = {way: costs[f"{kind}_seconds"] for way, costs in ways.items()}
        if not {"ours", "by_hand"} <= seconds.keys():
            continue
        own = seconds["ours"]
        cheapest = {
            tool: min(seconds[way] for way in uses if way in seconds)
            for tool, uses in DOCUMENTED.items()
            if any(way in seconds for way in uses)
        }
        found[kind] = {
            "ours to by_hand": round(own / seconds["by_hand"], 2),
            **{f"{way} to ours": round(seconds[way] / own, 2) for way in seconds if way != "ours"},
            **{f"{tool} at its cheapest to ours": round(each / own, 2) for tool, each in cheapest.items()},
        }
    return found


def growth(runs: Mapping[tuple[int, int, str], list[Mapping[str, Any]]]) -> dict[str, dict[str, float]]:
    """Return for each way the CPU seconds that a million rows, and one rule on a million rows, cost more: the slope of a line."""
    found: dict[str, dict[str, float]] = {}
    for way in dict.fromkeys(way for _, _, way in runs):
        own = {
            (rows, rules): median([each["cpu"] for each in lines])
            for (rows, rules, name), lines in runs.items()
            if name == way
        }
        by_rows = {rows / MILLION: cpu for (rows, rules), cpu in own.items() if rules == 10}
        by_rules = {rules: cpu for (rows, rules), cpu in own.items() if rows == min(own)[0]}
        for name, points in (("a_million_rows", by_rows), ("a_rule", by_rules)):
            if len(points) > 1:
                slope = statistics.linear_regression(list(points), list(points.values())).slope
                found.setdefault(way, {})[name] = round(slope, 3)
    return found


if __name__ == "__main__":
    main()
