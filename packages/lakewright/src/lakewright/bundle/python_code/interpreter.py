"""Which Python runs a bundle's code: that of `python.venv_path`, else `python3` from PATH, as for the Databricks CLI.

Source: https://github.com/databricks/cli/blob/main/libs/python/detect.go
"""

import os
import re
import shlex
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from lakewright.wheels.names import from_wheels

_NAME = "python3"
_LIBRARY = re.compile(r"databricks[-_]bundles\b", re.IGNORECASE)


@dataclass(frozen=True)
class Interpreter:
    """The Python that runs the code, or why there is none.

    Attributes:
        program: The interpreter; None if there is none.
        asked: How a person names it, for messages and commands.
        problem: Why there is none.
        fix: What to do about it.
    """

    program: Path | None
    asked: str
    problem: str = ""
    fix: str = ""

    @property
    def pip(self) -> str:
        """Its pip, as a command."""
        return f"{shlex.quote(self.asked)} -m pip"


def find_interpreter(root: Path, venv_path: str, environ: Mapping[str, str]) -> Interpreter:
    """Return the interpreter that a bundle names.

    Args:
        root: The bundle's folder, which `venv_path` is relative to.
        venv_path: `python.venv_path`; empty for the interpreter on PATH.
        environ: The environment, for its PATH.
    """
    return _of_venv(root, venv_path) if venv_path else _of_path(environ)


def install_library(root: Path, pip: str) -> str:
    """Return the command that installs `databricks-bundles`: from the project's requirements, if they name it.

    Args:
        root: The bundle's folder.
        pip: The pip of the interpreter, as a command.
    """
    file = root / "requirements-dev.txt"
    if not file.is_file() or not _LIBRARY.search(file.read_text(encoding="utf-8", errors="replace")):
        return f"{pip} install databricks-bundles"
    locked = (root / "wheels" / "wheels.lock").is_file()
    return from_wheels(pip) if locked else f"{pip} install -r requirements-dev.txt"


def _of_venv(root: Path, venv_path: str) -> Interpreter:
    asked = f"{venv_path.rstrip('/')}/bin/python3"
    program = root / asked
    make = f"create it: `python3 -m venv {venv_path}`, then `{install_library(root, f'{shlex.quote(asked)} -m pip')}`"
    if not program.exists():
        made = (root / venv_path / "Scripts" / "python.exe").exists()
        why = "it was made on Windows" if made else f"{asked} is missing"
        return Interpreter(None, asked, f"`venv_path: {venv_path}` has no interpreter: {why}", make)
    if not (root / venv_path / "pyvenv.cfg").exists():
        return Interpreter(
            None, asked, f"`venv_path: {venv_path}` is no virtual environment (pyvenv.cfg is missing)", make
        )
    return Interpreter(program, asked)


def _of_path(environ: Mapping[str, str]) -> Interpreter:
    found = shutil.which(_NAME, path=environ.get("PATH", os.environ.get("PATH", os.defpath)))
    if found is None:
        fix = "name a virtual environment: `python: {venv_path: .venv}`"
        return Interpreter(None, _NAME, f"no `{_NAME}` is on PATH", fix)
    return Interpreter(Path(found), _NAME)
