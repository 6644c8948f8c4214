"""OpenTofu, run in a folder without a network, with the providers that know schemas alone."""

import os
import re
import subprocess
from pathlib import Path

import pytest
from infrastructure.toolchain import NotReadyError, find

_TYPE = re.compile(r'^\s*(?:resource|data) "(\w+)"', re.MULTILINE)


def tofu(folder: Path, *arguments: str) -> str:
    """Return what OpenTofu prints; an error is a failed test. Without the toolchain the test is skipped."""
    done = _run(folder, *arguments)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    return done.stdout


def refused(folder: Path, *arguments: str) -> str:
    """Return OpenTofu's error as one line; no error is a failed test. Without the toolchain the test is skipped."""
    done = _run(folder, *arguments, "-no-color")
    assert done.returncode == 1, f"nothing was refused:\n{done.stdout[-4000:]}"
    return re.sub(r"[\s│╷╵]+", " ", done.stderr + done.stdout)


def _run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    try:
        tools = find()
    except NotReadyError as error:
        pytest.skip(str(error))
    environ = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("TF_", "ARM_"))},
        "TF_CLI_CONFIG_FILE": str(tools / "tofurc"),
        "TF_IN_AUTOMATION": "1",
        "LAKEWRIGHT_PROVIDER_TYPES": ",".join(_types(folder)),
    }
    command = [tools / "tofu", *arguments]
    return subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, check=False)


def _types(folder: Path) -> list[str]:
    """Return the types of resources and data sources in a folder and, as it may use them, in the modules beside it."""
    paths = [*folder.rglob("*.tf"), *folder.parent.glob("modules/**/*.tf"), *folder.parent.glob("*/*.tf")]
    return sorted(
        {found for path in paths for found in _TYPE.findall(path.read_text(encoding="utf-8"))} | {"none"}
    )
