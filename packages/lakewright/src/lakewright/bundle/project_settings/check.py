"""Load `extra` of some environments with the project's own model, in a process of its own.

The process imports the project's code: it has a time limit, its output is dropped, and whatever it does, the command that checks
goes on.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lakewright.bundle.project_settings.declaration import DeclaredEntry
from lakewright.bundle.python_projects.project import read_project

_PROGRAM = Path(__file__).with_name("check_program.py")
_LONGEST = 60  # seconds; a module of settings is imported in one


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with a key of `extra`.

    Attributes:
        environment: The environment in which it was found.
        summary: What is wrong.
        detail: What is known or was tried.
        location: `file:line`, or the variable.
        fix: What to do.
        is_unset_variable: Whether the value needs an environment variable that is not set.
    """

    environment: str
    summary: str
    detail: str | None
    location: str | None
    fix: str | None
    is_unset_variable: bool


@dataclass(frozen=True)
class Failure:
    """Why the model cannot be used.

    Attributes:
        kind: `absent` (no such module), `no model` (no such class), `broken` (the project's code raises), `import` (it needs what is
            not installed here) or `late` (the import takes too long).
        text: The error of the import.
        place: The line of the project's code, as `file:line`.
        known: The models of the module.
    """

    kind: str
    text: str = ""
    place: str | None = None
    known: tuple[str, ...] = ()


def check_extra(
    root: Path, model: DeclaredEntry, environments: Sequence[str]
) -> Failure | tuple[Problem, ...]:
    """Return what is wrong with `extra`, or why that cannot be said.

    Args:
        root: The project's folder, with `config/`.
        model: The model that the project declares.
        environments: The environments to load.
    """
    request = {
        "root": str(root),
        "folder": str(root / "config"),
        "module": model.module,
        "name": model.name,
        "sys_path": [str(folder) for folder in _source_folders(root, model.module)],
        "environments": list(environments),
    }
    answer = _run(request)
    if kind := answer.get("failure"):
        return Failure(kind, answer.get("text", ""), answer.get("place"), tuple(answer.get("known", ())))
    return tuple(
        Problem(
            problem["environment"],
            problem["summary"],
            problem["detail"],
            problem["location"],
            problem["fix"],
            problem["unset"],
        )
        for problem in answer["problems"]
    )


def _source_folders(root: Path, module: str) -> tuple[Path, ...]:
    project = read_project(root, may_build=False)
    found = project.source_roots(module) if project else ()
    return found or tuple(folder for folder in (root / "src", root) if folder.is_dir())


def _run(request: dict[str, Any]) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as work:
        asked, answer = Path(work) / "request.json", Path(work) / "answer.json"
        asked.write_text(json.dumps(request), encoding="utf-8")
        try:
            done = subprocess.run(
                [sys.executable, "-P", str(_PROGRAM), str(asked), str(answer)],
                env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
                capture_output=True,
                text=True,
                timeout=_LONGEST,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return {"failure": "late", "text": f"no answer after {_LONGEST} s"}
        if not answer.is_file():
            last = (
                done.stderr.strip().splitlines() or [f"the import ended the process with {done.returncode}"]
            )[-1]
            return {"failure": "broken", "text": last}
        found: dict[str, Any] = json.loads(answer.read_text(encoding="utf-8"))
        return found
