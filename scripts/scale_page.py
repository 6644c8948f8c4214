"""Write docs/reference/scale.md from benchmarks/results/scale.json; with --check, fail if the page is stale."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from generated_file import write_or_compare

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "reference" / "scale.md"
RESULT = ROOT / "benchmarks" / "results" / "scale.json"
STATES = {"cold": "first run", "again": "again, nothing new", "month": "one more month"}
PROJECTED = (100_000_000, 1_000_000_000)
WORKERS = 64  # cores
# Azure, pay as you go: Standard_DS3_v2 has 4 cores and costs $0.351 and 0.75 DBU an hour; a DBU of Jobs Compute (premium) costs $0.30.
DOLLARS_PER_CORE_HOUR = (0.351 + 0.75 * 0.30) / 4

_HEAD = """# What grows with the rows

<!-- Written by scripts/scale_page.py from benchmarks/results/scale.json. -->

`benchmarks/scale.py` runs `main_pipeline` with 1, 10 and 30 times the flights: eleven months at once, the same again with
nothing new, then the twelfth month. The copies have flight numbers of their own and the real
shares of late, cancelled and invalid flights; their files say that they were generated. Weather, planes and airports stay as
they are.

## Measured
"""
_STAGES: Mapping[str, tuple[str, str]] = {
    "ingestion/ingest_bronze": (
        "Ingestion",
        "The records of each new landing file are counted in one process, line by line, and a `.gz` file is read "
        "by one task. One file of 100 M rows takes minutes before Spark begins: "
        "let the provider deliver files of some million rows.",
    ),
    "transformation/transform_silver_gold": (
        "Silver and gold",
        "The weather is joined by airport, all flights of one airport in one task: with three airports three "
        "cores work. From about 50 M new rows for each airport on, give "
        "`point_in_time_join` one more key, e.g. the day, with the last observations of the day before added to "
        "each day. The accounting groups all judged records by key, each time.",
    ),
    "transformation/features": (
        "Features",
        "The same join, for the rate of each airport; rates by carrier and route have more keys. It reads the "
        "outcomes of all months, because a rate counts all of them. "
        "At 1 B rows keep sums by day and key in a table of their own.",
    ),
    "training/train_mlflow": (
        "Training",
        "In the driver's memory, of at most `sample_rows` rows: the time is bounded, and so is what it learns from.",
    ),
    "training/evaluation/evaluation": ("Evaluation", "As training."),
    "batch_scoring/batch_scoring": (
        "Batch scoring",
        "The champion scores `score_rows` rows at a time in the driver, one part after another, on one core. From "
        "some 10 M new rows a month on, score with `mlflow.pyfunc.spark_udf`.",
    ),
    "monitoring/monitoring": (
        "Monitoring",
        "Sums on Spark, of the windows that have changed; one digest of all rows. The driver gets windows × versions × bins.",
    ),
}

_MISSING = (
    "**×30 has not been measured yet**, so there is no slope, and no projection to 100 million and 1 billion rows: "
    "`python benchmarks/scale.py --scale 30`, then `make scale-page`."
)
# What the page promises, in MiB; the page is not written if a measurement is above it. The benchmark runs with the default heap.
HEAP_MIB = 2048
BESIDE_HEAP_MIB = 1024
PYTHON_MIB = 1536
_BOUNDED = ("training/train_mlflow", "training/evaluation/evaluation")  # by `sample_rows` for each period


def page(result: Mapping[str, Any]) -> str:
    """Return the page; how figures grow needs the two largest scales."""
    scales = result["scales"]
    grows = [*_slopes(result), *_projected(scales)] if "slope_from_10_to_30" in result else ["", _MISSING]
    return (
        "\n".join([_HEAD, *_measured(scales), *_stages(scales), *_memory(scales), *grows, *_breaks()]) + "\n"
    )


def _measured(scales: Mapping[str, Any]) -> Iterator[str]:
    machine = next(iter(scales.values()))["machine"]
    commits = ", ".join(f"`{each['machine']['commit']}` (×{scale})" for scale, each in scales.items())
    yield (
        f"{machine['cores']} cores ({machine['cpu']}), {machine['memory_gib']:.0f} GiB, Java {machine['java']}, "
        f"PySpark {machine['pyspark']}; "
        "memory is the highest of each kind of process, shared pages divided among those that share them. Measured at "
        f"{commits}."
    )
    yield ""
    yield (
        "| flights | run | seconds | CPU seconds | engine MiB | tasks MiB | runner MiB | all MiB | Spark jobs | "
        "records read | shuffled MiB | data files | data MiB |"
    )
    yield "|---:|---|" + "---:|" * 11
    for scale, measured in scales.items():
        for state, name in STATES.items():
            one = measured[state]
            peak = one["peak_mib"]
            cells = (
                f"{one['flights']:,} (×{scale})",
                name,
                f"{one['seconds']:.0f}",
                f"{sum(one['cpu_seconds'].values()):.0f}",
                *(f"{peak[role]:,}" for role in ("engine", "tasks", "runner", "all")),
                f"{one['jobs']}",
                f"{one['records_read']:,}",
                f"{one['shuffle_mib']:.0f}",
                f"{one['data_files']}",
                f"{one['data_mib']:.0f}",
            )
            yield "| " + " | ".join(cells) + " |"


class BrokenPromiseError(ValueError):
    """Raised when a run used more memory than the page promises."""


def _memory(scales: Mapping[str, Any]) -> Iterator[str]:
    peaks = [measured[state]["peak_mib"] for measured in scales.values() for state in STATES]
    engine = max(peak["engine"] for peak in peaks)
    python = max(peak["tasks"] + peak["runner"] for peak in peaks)
    if engine > HEAP_MIB + BESIDE_HEAP_MIB or python > PYTHON_MIB:
        raise BrokenPromiseError(
            f"the engine used {engine} MiB and Python {python} MiB: find out why, or promise more in scripts/scale_page.py"
        )
    most = max(measured["month"]["flights"] for measured in scales.values())
    yield from ("", "## Memory", "")
    yield (
        f"Plan with {(HEAP_MIB + BESIDE_HEAP_MIB + PYTHON_MIB) / 1024:.1f} GiB for a run of this project; it was measured with up to "
        f"{most:,} flights. With more rows than fit into its heap, Spark writes to disk."
    )
    yield ""
    yield "| process | promised | most that was measured, MiB | what it depends on |"
    yield "|---|---|---:|---|"
    yield (
        f"| engine | its heap and {BESIDE_HEAP_MIB / 1024:.0f} GiB | {engine:,} | `spark.engine.memory`, the heap, is 2 GiB by default |"
    )
    yield (
        f"| tasks and runner | {PYTHON_MIB / 1024:.1f} GiB | {python:,} | training reads up to `sample_rows` rows of "
        "each of three periods, scoring `score_rows` rows at a time |"
    )


def _slopes(result: Mapping[str, Any]) -> Iterator[str]:
    yield from ("", "## How it grows", "")
    yield (
        "With which power of the rows a figure grows from ×10 to ×30: 1 is in proportion, 0 not at all. The aim "
        "for the first run is 1.05 at most."
    )
    yield ""
    yield "| run | seconds | CPU seconds | memory | shuffled |"
    yield "|---|---:|---:|---:|---:|"
    for state, name in STATES.items():
        one = result["slope_from_10_to_30"][state]
        yield f"| {name} | {one['seconds']} | {one['cpu_seconds']} | {one['peak_mib']} | {one['shuffle_mib']} |"


def _stages(scales: Mapping[str, Any]) -> Iterator[str]:
    yield from ("", "## By stage", "")
    names = [f"{name} ×{scale}" for name in ("first run", "one more month") for scale in scales]
    yield "| seconds | " + " | ".join(names) + " |"
    yield "|---|" + "---:|" * len(names)
    for key, (stage, _) in _STAGES.items():
        seconds = [
            measured[state]["task_seconds"][key]
            for state in ("cold", "month")
            for measured in scales.values()
        ]
        yield f"| {stage} | " + " | ".join(f"{each:.1f}" for each in seconds) + " |"


def _projected(scales: Mapping[str, Any]) -> Iterator[str]:
    yield from ("", "## At 100 million and 1 billion rows", "")
    yield (
        "**A projection, not a measurement**: the straight line through ×10 and ×30 for each stage (training and "
        "evaluation stay as they are: "
        "their samples have a limit, which at ×30 only the longest period reaches), on the assumption that both cores were "
        "busy all the time. Dollars are core "
        f"hours at ${DOLLARS_PER_CORE_HOUR:.2f} (Azure, pay as you go: `Standard_DS3_v2` at "
        "$0.351 and 0.75 DBU an hour, a DBU of Jobs Compute at $0.30); put your own price in. Hours are those of a cluster with "
        f"{WORKERS} cores *if every stage used all of them*, which the last section says they do not. A row is a "
        "flight; a month is a twelfth of the table."
    )
    for state, title in (("cold", "First run"), ("month", "One more month")):
        yield from ("", f"### {title}", "")
        heads = [
            f"{what}, {rows // 1_000_000:,} M rows"
            for rows in PROJECTED
            for what in ("core hours", "$", "hours")
        ]
        yield "| stage | " + " | ".join(heads) + " |"
        yield "|---|" + "---:|" * len(heads)
        totals = [0.0] * len(PROJECTED)
        for key, (stage, _) in _STAGES.items():
            hours = [core_hours(scales, state, key, rows) for rows in PROJECTED]
            totals = [total + each for total, each in zip(totals, hours, strict=True)]
            yield f"| {stage} | " + " | ".join(_shown(each) for each in hours) + " |"
        yield "| **all** | " + " | ".join(_shown(each) for each in totals) + " |"


def _breaks() -> Iterator[str]:
    yield from ("", "## What breaks first", "")
    yield "Read from the code, and not measured: numbers of rows here are estimates."
    yield ""
    yield "| stage | where, and the way out |"
    yield "|---|---|"
    yield from (f"| {stage} | {text} |" for stage, text in _STAGES.values())


def _shown(hours: float) -> str:
    return f"{hours:.1f} | {hours * DOLLARS_PER_CORE_HOUR:.0f} | {hours / WORKERS:.2f}"


def core_hours(scales: Mapping[str, Any], state: str, stage: str, rows: int) -> float:
    """Return the core hours of a stage: on the line through the two largest scales, never less than at the largest one."""
    (few, short), (many, long) = (
        (scales[scale][state]["flights"], scales[scale][state]["task_seconds"][stage])
        for scale in ("10", "30")
    )
    per_row = 0.0 if stage in _BOUNDED else max(long - short, 0) / (many - few)
    return float(scales["30"]["machine"]["cores"] * (long + per_row * (rows - many)) / 3600)


if __name__ == "__main__":
    write_or_compare(PAGE, page(json.loads(RESULT.read_text(encoding="utf-8"))), "make scale-page")
