"""The whole pipeline as the bundle defines it, on the local engine, in a copy of the project."""

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
    return subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, timeout=900, check=False)  # noqa: S603


def test_the_integration_job_passes_and_accounts_for_every_record(tmp_path):
    project = Path(shutil.copytree(ROOT, tmp_path / ROOT.name, ignore=shutil.ignore_patterns(*LEFT_OUT)))
    try:
        result = lakewright(project, "run", "test_job")
        assert result.returncode == 0, result.stdout + result.stderr
    finally:
        lakewright(project, "engine", "stop")
    path = project / ".lakewright" / "runs" / "latest" / "summary.json"
    summary = json.loads(path.read_text())
    assert summary["status"] == "success"
    for item in summary["accounting"]:
        gone = item["silver"] + item["updated"] + item["quarantined"] + item["duplicates"]
        assert item["landed"] == item["bronze"] == gone, item
    assert summary["model"]["metrics"]["roc_auc"] > 0.7
