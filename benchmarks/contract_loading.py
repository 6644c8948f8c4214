"""Reading and compiling 100 generated contracts of 10 to 20 columns: in a new process and in a warm one, and where the time goes.

The two sides alternate in one process: as it is, and with PyYAML alone instead of the quick reader.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from generated_contracts import write_contracts
from measure import median

CONTRACTS = 100
REPEATS = 7
COLD = """
import json, sys, time
from pathlib import Path
files = [Path(name) for name in sys.stdin.read().split()]
started = time.perf_counter(), time.process_time()
from databricks_utils.contracts import load_contract
load_contract(files[0])
first = time.perf_counter(), time.process_time()
for file in files[1:]:
    load_contract(file)
done = time.perf_counter(), time.process_time()
print(json.dumps([[b - a for a, b in zip(x, y)] for x, y in ((started, first), (first, done), (started, done))]))
"""


def measure() -> dict[str, object]:
    """Measure both; seconds of the processor first, those of the clock beside them."""
    with tempfile.TemporaryDirectory() as temporary:
        files = write_contracts(Path(temporary), count=CONTRACTS)
        lines = sum(len(file.read_text(encoding="utf-8").splitlines()) for file in files)
        return {
            "contracts": CONTRACTS,
            "lines": lines,
            "kilobytes": round(sum(file.stat().st_size for file in files) / 1000),
            "new_process": _cold(files),
            "warm": _warm(files),
            "parts_cpu_seconds": _parts(files),
            "repeats": REPEATS,
            "aim": "100 contracts in < 0.3 s",
        }


def _cold(files: Sequence[Path]) -> dict[str, dict[str, float]]:
    names = "\n".join(map(str, files))
    rows = []
    for _ in range(REPEATS):
        done = subprocess.run(
            [sys.executable, "-c", COLD], input=names, capture_output=True, text=True, check=True
        )
        rows.append(json.loads(done.stdout))
    parts = ("imports_and_the_first_contract", "the_other_contracts", "all")
    return {
        part: {
            kind: _median([row[at][number] for row in rows]) for number, kind in enumerate(("clock", "cpu"))
        }
        for at, part in enumerate(parts)
    }


def _warm(files: Sequence[Path]) -> dict[str, float]:
    from databricks_utils.config import yaml_reader
    from databricks_utils.contracts import load_contract

    quick = yaml_reader.read_quickly
    seconds: dict[str, list[tuple[float, float]]] = {"as_it_is": [], "pyyaml_alone": []}
    try:
        for _ in range(REPEATS):
            for way, runs in seconds.items():
                yaml_reader.read_quickly = quick if way == "as_it_is" else _nothing
                runs.append(_timed(lambda: [load_contract(file) for file in files]))
    finally:
        yaml_reader.read_quickly = quick
    medians = {
        f"{way}_{kind}_seconds": _median([each[at] for each in runs])
        for way, runs in seconds.items()
        for at, kind in enumerate(("clock", "cpu"))
    }
    return {
        **medians,
        "ratio": round(medians["pyyaml_alone_cpu_seconds"] / medians["as_it_is_cpu_seconds"], 1),
    }


def _nothing(_: str, __: str) -> None:
    """Read nothing, so that PyYAML reads everything."""


def _parts(files: Sequence[Path]) -> dict[str, float]:
    from open_data_contract_standard.model import OpenDataContractStandard

    from databricks_utils.config.yaml_reader import read_file
    from databricks_utils.contracts import load_contract
    from databricks_utils.contracts.reading.references import read_whole
    from databricks_utils.contracts.reading.shape import shape_problems

    trees = [read_whole(file, project=file.parent) for file in files]
    works: dict[str, Callable[[], object]] = {
        "yaml": lambda: [read_file(file) for file in files],
        "yaml_and_references": lambda: [read_whole(file, project=file.parent) for file in files],
        "shape": lambda: [shape_problems(tree, OpenDataContractStandard) for tree in trees],
        "all": lambda: [load_contract(file) for file in files],
    }
    found = {name: _median([_timed(work)[1] for _ in range(REPEATS)]) for name, work in works.items()}
    rest = found["all"] - found["yaml_and_references"] - found["shape"]
    return {
        "yaml": found["yaml"],
        "references": round(found["yaml_and_references"] - found["yaml"], 3),
        "shape": found["shape"],
        "tables_and_rules": round(rest, 3),
    }


def _timed(work: Callable[[], object]) -> tuple[float, float]:
    clock, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - clock, time.process_time() - cpu


def _median(values: Sequence[float]) -> float:
    """Take the median in milliseconds' steps."""
    return round(median([value * 1000 for value in values]) / 1000, 3)


if __name__ == "__main__":
    print(json.dumps(measure(), indent=2))
