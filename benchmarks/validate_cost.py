"""`lakewright validate` in a new process: the flights project, and generated bundles of 500 jobs, for one target and for three.

CPU seconds and peak memory of the whole process tree, best of several runs, and the ratio to parsing the same files with libyaml alone.
The typed check runs in a process of its own, or in that of the bundle's Python code; what it adds is the difference between two of the
ways, where `databricks-bundles` is installed.
"""

import subprocess
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path

FLIGHTS = Path(__file__).parents[1] / "examples" / "flights"
JOBS = 500
REPEATS = 3
PARSE_ALONE = """
import sys, yaml
from pathlib import Path
for file in Path(sys.argv[1]).rglob("*.yml"):
    list(yaml.parse(file.read_text(), Loader=yaml.CSafeLoader))
"""
ROOT = """\
bundle: {name: many}
include: [resources/*.yml]
variables: {catalog: {default: dev_shop}}
targets:
  dev: {mode: development, default: true}
  staging: {variables: {catalog: staging_shop}, workspace: {host: https://staging.cloud.databricks.com}}
  prod: {variables: {catalog: prod_shop}, workspace: {host: https://prod.cloud.databricks.com}}
"""
JOB = """\
resources:
  jobs:
    load_NUMBER:
      name: load NUMBER
      tags: {team: data, catalog: "${var.catalog}"}
      parameters: [{name: day, default: "2026-01-01"}]
      schedule: {quartz_cron_expression: "0 0 6 * * ?", timezone_id: UTC, pause_status: PAUSED}
      job_clusters:
        - job_cluster_key: main
          new_cluster: {spark_version: 17.3.x-scala2.13, autoscale: {min_workers: 1, max_workers: 4}}
      tasks:
"""
TASK = """\
        - task_key: KEY
          depends_on: [DEPENDS]
          notebook_task:
            notebook_path: ../notebooks/load_NUMBER.py
            base_parameters: {catalog: "${var.catalog}", first_day: "{{job.parameters.day}}"}
          max_retries: 1
          timeout_seconds: 3600
          job_cluster_key: main
"""


def generate(folder: Path, *, jobs: int, is_wrong: bool = False) -> Path:
    """Write a bundle of jobs with three tasks each; with `is_wrong`, every task has an unknown field and a notebook that is missing."""
    (folder / "resources").mkdir(parents=True)
    (folder / "notebooks").mkdir()
    (folder / "databricks.yml").write_text(ROOT, encoding="utf-8")
    for number in range(jobs):
        name = f"{number:04}"
        (folder / "notebooks" / f"load_{name}.py").write_text(
            "# Databricks notebook source\n", encoding="utf-8"
        )
        tasks = ["t0", "t1", "t2"]
        text = JOB + "".join(
            TASK.replace("KEY", key).replace("DEPENDS", f"{{task_key: {before}}}" if before else "")
            for before, key in zip(["", *tasks], tasks, strict=False)
        )
        if is_wrong:
            text = text.replace("max_retries", "max_retrys").replace("notebooks/load", "notebooks/lood")
        file = folder / "resources" / f"load_{name}.job.yml"
        file.write_text(text.replace("NUMBER", name), encoding="utf-8")
    return folder


def measure() -> dict[str, object]:
    """Measure each way in turn."""
    with tempfile.TemporaryDirectory() as work:
        many = generate(Path(work) / "many", jobs=JOBS)
        wrong = generate(Path(work) / "wrong", jobs=JOBS, is_wrong=True)
        parsing = _best([sys.executable, "-c", PARSE_ALONE, str(many)])
        one = _validate(many, "--own-rules-only")
        return {
            "generated_project_with_python_resources": _with_python_resources(Path(work))
            if _has_types()
            else "databricks-bundles is not installed",
            "flights": {
                "own_rules": _validate(FLIGHTS, "--own-rules-only"),
                "own_rules_three_targets": _validate(FLIGHTS, "--own-rules-only", "--all"),
                "typed_check_too": _validate(FLIGHTS)
                if _has_types()
                else "databricks-bundles is not installed",
                "aim": "less than 1.5 s",
            },
            f"{JOBS}_jobs": {
                "libyaml_alone": parsing,
                "own_rules": one,
                "own_rules_three_targets": _validate(many, "--own-rules-only", "--all"),
                "typed_check_too_three_targets": _validate(many, "--all")
                if _has_types()
                else "databricks-bundles is not installed",
                "every_task_wrong_three_targets": _validate(wrong, "--own-rules-only", "--all"),
                "ratio_to_libyaml_cpu": round(one["cpu_seconds"] / parsing["cpu_seconds"], 1),
                "aim": "less than 10 s",
            },
            "repeats": REPEATS,
        }


def _with_python_resources(work: Path) -> dict[str, dict[str, float]]:
    """Measure a project whose resources Python code defines too, with this environment as its own."""
    from lakewright.scaffold import render_project

    project = render_project(work / "shop", answers={"python_resources": "true"}, ask=False)
    (project / ".venv").symlink_to(sys.prefix, target_is_directory=True)
    return {
        "own_rules": _validate(project, "--own-rules-only"),
        "typed_check_too": _validate(project),
    }


def _has_types() -> bool:
    try:
        return find_spec("databricks.bundles") is not None
    except ModuleNotFoundError:
        return False


def _validate(folder: Path, *arguments: str) -> dict[str, float]:
    return _best([sys.executable, "-m", "lakewright", "validate", "--project", str(folder), *arguments])


def _best(command: list[str]) -> dict[str, float]:
    runs = [_run(command) for _ in range(REPEATS)]
    return min(runs, key=lambda each: each["cpu_seconds"])


def _run(command: list[str]) -> dict[str, float]:
    """Run a command in a process that only waits for it, so that the costs are those of the command and its children alone."""
    waiting = (
        "import resource, subprocess, sys\n"
        "code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode\n"
        "used = resource.getrusage(resource.RUSAGE_CHILDREN)\n"
        "print(code, used.ru_utime + used.ru_stime, used.ru_maxrss)"
    )
    started = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", waiting, *command], capture_output=True, text=True, check=True
    )
    wall = time.monotonic() - started
    code, cpu, memory = done.stdout.split()
    if code not in {"0", "2"}:
        raise RuntimeError(f"{' '.join(command)} ended with {code}\n{done.stderr[-3000:]}")
    return {
        "cpu_seconds": round(float(cpu), 2),
        "wall_seconds": round(wall, 2),
        "peak_mib": round(int(memory) / 1024, 0),
    }
