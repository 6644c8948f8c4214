"""Name and entry points of a project from its build backend: what a build of today's sources would write into the wheel.

It runs the hooks of PEP 517 (`prepare_metadata_for_build_wheel`, else `build_wheel`), with the backend that this interpreter has: nothing
is installed. `setup.py` is executed by it, as it is by a deployment.
"""

import json
import os
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from lakewright.bundle.python_projects.declared import read_toml
from lakewright.wheels.names import install_line

_PROGRAM = Path(__file__).with_name("hook_program.py")
_FILES = ("pyproject.toml", "setup.py", "setup.cfg")
_LONGEST = 120  # seconds
_KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "SYSTEMROOT", "VIRTUAL_ENV")
_LEGACY = "setuptools.build_meta:__legacy__"  # PEP 517: the backend of a project that names none


@dataclass(frozen=True)
class Built:
    """What a backend says about a project, or why it says nothing.

    Attributes:
        name: The name of the package; empty if there is a problem.
        entry_points: The target of each entry point, of all groups.
        problem: Why the metadata cannot be read.
        fix: What to do about it.
    """

    name: str = ""
    entry_points: Mapping[str, str] | None = None
    problem: str | None = None
    fix: str | None = None


def read_built(folder: Path) -> Built:
    """Return what the build backend of a project writes into its wheel; it is asked once while the project's files stand."""
    return _ask(folder, tuple(_state(folder / name) for name in _FILES))


def _state(file: Path) -> tuple[int, int]:
    try:
        found = file.stat()
    except OSError:
        return 0, 0
    return found.st_mtime_ns, found.st_size


@lru_cache(maxsize=32)
def _ask(folder: Path, _state_of_files: tuple[tuple[int, int], ...]) -> Built:
    system = read_toml(folder / "pyproject.toml").get("build-system") or {}
    backend = str(system.get("build-backend") or _LEGACY)
    paths = [str(folder / path) for path in system.get("backend-path") or ()]
    answer = _run(folder, backend, paths)
    if missing := answer.get("missing"):
        return Built(
            problem=f"the build backend `{missing}` is not installed here",
            fix=f"install it where lakewright runs: {install_line([missing.partition('.')[0].replace('_', '-')])}",
        )
    if error := answer.get("error"):
        required = list(map(str, system.get("requires") or ())) or ["setuptools"]
        return Built(
            problem=f"its build backend fails: {error}",
            fix=f"correct the project, or install what its build needs: {install_line(required)}",
        )
    return Built(str(answer["name"]), dict(answer["entry_points"]))


def _run(folder: Path, backend: str, paths: list[str]) -> dict[str, Any]:
    """Run the hook in a process of its own, without the secrets of this one."""
    environ = {name: os.environ[name] for name in _KEPT if name in os.environ}
    scripts = sysconfig.get_path("scripts")  # uv's backend is a program there
    environ["PATH"] = os.pathsep.join(filter(None, (scripts, environ.get("PATH"))))
    environ |= {"PYTHONDONTWRITEBYTECODE": "1", "PIP_NO_INDEX": "1"}
    with tempfile.TemporaryDirectory() as work:
        answer = Path(work) / "answer.json"
        command = [sys.executable, "-P", str(_PROGRAM), backend, os.pathsep.join(paths), work, str(answer)]
        try:
            done = subprocess.run(
                command,
                cwd=folder,
                env=environ,
                capture_output=True,
                text=True,
                timeout=_LONGEST,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return {"error": f"no answer after {_LONGEST} s"}
        if not answer.is_file():
            return {"error": (done.stderr.strip().splitlines() or ["it ended without an answer"])[-1]}
        found: dict[str, Any] = json.loads(answer.read_text(encoding="utf-8"))
        return found
