"""Run the whole pipeline of the bundle on the local engine, in a copy of the project."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.integration, pytest.mark.slow]
ROOT = Path(__file__).resolve().parents[2]
LEFT_OUT = (".git", ".venv", ".lakewright", "__pycache__", ".pytest_cache", "dist")


def lakewright(folder, *arguments):
    environ = {**os.environ, "PYTHONPATH": str(folder / "src")}
    command = [str(Path(sys.executable).with_name("lakewright")), *arguments]
    return subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, timeout=900, check=False)  # noqa: S603 - a command of this test


def run(folder, job):
    result = lakewright(folder, "run", job)
    assert result.returncode == 0, result.stdout + result.stderr
    return json.loads((folder / ".lakewright" / "runs" / "latest" / "summary.json").read_text())


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    copy = Path(
        shutil.copytree(ROOT, tmp_path_factory.mktemp("copy") / ROOT.name, ignore=shutil.ignore_patterns(*LEFT_OUT))
    )
    yield copy
    lakewright(copy, "engine", "stop")


def test_the_test_job_runs_in_its_own_schemas_and_leaves_none(project):
    assert run(project, "test_job")["status"] == "success"
    schemas = lakewright(project, "sql", "-o", "csv", "SHOW SCHEMAS IN local_analytics")
    assert schemas.returncode == 0, schemas.stderr
    names = schemas.stdout.split()[1:]
    assert "information_schema" in names
    assert [name for name in names if name.startswith("test_")] == []


def test_the_pipeline_accounts_for_every_record_and_without_new_data_no_model_is_registered(project):
    summary = run(project, "main_pipeline")
    assert summary["status"] == "success"
    for item in summary["accounting"]:
        gone = item["silver"] + item["updated"] + item["quarantined"] + item["duplicates"] + item["superseded"]
        assert item["landed"] == item["bronze"] == gone, item
    assert summary["model"]["metrics"]["roc_auc"] > 0.7
    again = run(project, "training")
    assert again["model"]["version"] == summary["model"]["version"]
    assert again["model"]["metrics"]["roc_auc"] == pytest.approx(summary["model"]["metrics"]["roc_auc"])
