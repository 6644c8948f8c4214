"""`lakewright run` of a job that only Python code defines, with a notebook, a file, a wheel and another job."""

import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from lakewright.engine import stop_engine

pytestmark = [pytest.mark.integration, pytest.mark.slow]

FILES = {
    "databricks.yml": """
        bundle: {name: shop}
        python: {venv_path: .venv, resources: ["resources:load_resources"], mutators: ["resources.limits:add_limits"]}
        targets: {dev: {default: true}}
        resources: {jobs: {in_yaml: {tasks: [{task_key: file, spark_python_task: {python_file: tasks/say.py, parameters: [in_yaml]}}]}}}
    """,
    "resources/__init__.py": """
        from databricks.bundles.core import Bundle, Resources


        def load_resources(bundle: Bundle) -> Resources:
            resources = Resources()
            wheel = {"package_name": "shop", "entry_point": "silver", "parameters": ["{{job.parameters.source}}"]}
            resources.add_job(
                "load",
                {
                    "parameters": [{"name": "source", "default": "sales in ${bundle.target}"}],
                    "environments": [{"environment_key": "e", "spec": {"environment_version": "4", "dependencies": ["dist/*.whl"]}}],
                    "tasks": [
                        {"task_key": "notebook", "notebook_task": {"notebook_path": "notebooks/load.py"}},
                        {"task_key": "wheel", "environment_key": "e", "python_wheel_task": wheel},
                        {"task_key": "other", "run_job_task": {"job_id": "${resources.jobs.in_yaml.id}"}},
                    ],
                },
            )
            return resources
    """,
    "resources/limits.py": """
        from dataclasses import replace

        from databricks.bundles.core import job_mutator


        @job_mutator
        def add_limits(job):
            environments = [{"environment_key": "e", "spec": {"environment_version": "4"}}]
            tasks = [replace(task, environment_key="e", timeout_seconds=300) if task.spark_python_task else task for task in job.tasks]
            return replace(job, tasks=tasks, environments=job.environments or environments)
    """,
    "pyproject.toml": """
        [project]
        name = "shop"
        version = "0.1.0"
        [project.scripts]
        silver = "shop.jobs:silver"
    """,
    "src/shop/__init__.py": "",
    "src/shop/jobs.py": """
        import sys

        def silver():
            print("wheel says", sys.argv[1])
    """,
    "notebooks/load.py": """
        # Databricks notebook source
        print("notebook says", dbutils.widgets.get("source"), spark.range(3).count())
    """,
    "tasks/say.py": "import sys\nprint('file says', sys.argv[1])\n",
}


def test_a_job_that_only_python_defines_runs_with_all_its_tasks(tmp_path: Path) -> None:
    for name, text in FILES.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(textwrap.dedent(text).lstrip("\n"), encoding="utf-8")
    (tmp_path / ".venv").symlink_to(sys.prefix)
    command = [sys.executable, "-c", "from lakewright.cli import main; main()", "run", "load"]
    try:
        done = subprocess.run(
            command,
            cwd=tmp_path,
            env=dict(os.environ),
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
    finally:
        stop_engine(tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    latest = tmp_path / ".lakewright/runs/latest"
    found = {
        task["key"]: task["status"] for task in json.loads((latest / "summary.json").read_text())["tasks"]
    }
    assert found == dict.fromkeys(("notebook", "wheel", "other", "other/file"), "success")
    logs = "\n".join(file.read_text() for file in sorted(latest.rglob("*.log")))
    for words in ("notebook says sales in dev 3", "wheel says sales in dev", "file says in_yaml"):
        assert words in logs
