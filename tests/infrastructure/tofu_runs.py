"""OpenTofu, run in a folder without a network, with the providers that know schemas alone."""

import os
import subprocess
from pathlib import Path

import pytest
from infrastructure.toolchain import NotReadyError, find


def tofu(folder: Path, *arguments: str) -> str:
    """Return what OpenTofu prints; an error is a failed test. Without the toolchain the test is skipped."""
    try:
        tools = find()
    except NotReadyError as error:
        pytest.skip(str(error))
    environ = {**os.environ, "TF_CLI_CONFIG_FILE": str(tools / "tofurc"), "TF_IN_AUTOMATION": "1"}
    done = subprocess.run(
        [tools / "tofu", *arguments], cwd=folder, env=environ, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    return done.stdout
