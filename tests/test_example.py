"""The check that examples/flights is the rendered template: what it notices, and that wheels are no difference."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

pytestmark = pytest.mark.unit

ROOT = Path(__file__).parents[1]


@pytest.fixture
def workspace(tmp_path):
    """A copy of the example in a repository of its own, with the script that checks it."""
    copied = tmp_path / "workspace"
    ignored = shutil.ignore_patterns(
        ".lakewright", "__pycache__", "*.whl", "wheels.lock", ".venv", "mlruns", ".*_cache"
    )
    shutil.copytree(ROOT / "examples", copied / "examples", ignore=ignored)
    shutil.copytree(ROOT / "scripts", copied / "scripts", ignore=ignored)
    shutil.copy2(ROOT / ".gitignore", copied)
    (copied / ".venv").symlink_to(ROOT / ".venv")
    subprocess.run(["git", "init", "--quiet", str(copied)], check=True)
    return copied


def check(workspace):
    command = ["bash", "scripts/example.sh", "--check"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return subprocess.run(
        command, cwd=workspace, env=environment, capture_output=True, text=True, check=False
    )


def test_the_example_is_the_rendered_template_with_or_without_wheels(workspace):
    wheels = workspace / "examples/flights/wheels"
    (wheels / "databricks_utils-0.1.0-py3-none-any.whl").write_bytes(b"built here")
    (wheels / "wheels.lock").write_text("of this machine", encoding="utf-8")
    done = check(workspace)
    assert done.returncode == 0, done.stdout + done.stderr


def test_an_example_that_differs_is_refused(workspace):
    with (workspace / "examples/flights/databricks.yml").open("a", encoding="utf-8") as file:
        file.write("# by hand\n")
    (workspace / "examples/flights/wheels/README.md").unlink()
    done = check(workspace)
    assert done.returncode == 1
    assert "< # by hand" in done.stdout
    assert "flights: wheels" in done.stdout
    assert "fix: make example, then commit" in done.stderr
