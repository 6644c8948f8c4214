"""Does in a project what a page tells its reader to do, and compares what the commands print with the page."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from page_blocks import Change, Command, File, StalePageError, apply_change, difference, read_steps

ROOT = Path(__file__).parent.parent
PAGES = ROOT / "docs"
FLIGHTS = ROOT / "examples" / "flights"
_COLUMNS = 100  # what fits beside the table of contents of the built page
_NOT_COPIED = shutil.ignore_patterns(".lakewright", ".venv", "__pycache__", "dist", ".*_cache")
_OURS = ("DBX_", "DATABRICKS_", "BUNDLE_VAR_", "LAKEWRIGHT_", "COVERAGE_", "COV_CORE_", "PYTEST_")


def copy_project(folder: Path) -> Path:
    """Copy the flights project, as `lakewright init` makes it."""
    return Path(shutil.copytree(FLIGHTS, folder, ignore=_NOT_COPIED))


def follow(page: Path, project: Path, *, slow: bool = True) -> None:
    """Do the steps of a page.

    Args:
        page: A page of the documentation.
        project: The folder that the commands run in.
        slow: Whether commands of `console slow` are run, or left out.

    Raises:
        StalePageError: A change does not fit its file, or a command prints or returns something else than the page has.
    """
    for step in read_steps(page.read_text(encoding="utf-8")):
        match step:
            case File():
                target = project / step.path
                if target.exists():
                    raise StalePageError(f"{page.name}, line {step.line}: {step.path} exists already")
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(step.text, encoding="utf-8")
            case Change():
                target = project / step.path
                target.write_text(apply_change(target.read_text(encoding="utf-8"), step), encoding="utf-8")
            case Command() if slow or not step.slow:
                _run(page, step, project)


def run(project: Path, command: str) -> subprocess.CompletedProcess[str]:
    """Run a command of a reader's shell in a project; its errors are in its output."""
    return subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command}"],
        cwd=project,
        env=_environment(project),
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        check=False,
    )


def _run(page: Path, step: Command, project: Path) -> None:
    done = run(project, step.text)
    at = f"{page.name}, line {step.line}: $ {step.text}"
    if done.returncode != step.code:
        raise StalePageError(
            f"{at}\nexit code {done.returncode}, the page has {step.code}; printed:\n{done.stdout}"
        )
    if found := difference(step.output, done.stdout):
        raise StalePageError(f"{at}\n{found}")


def _environment(project: Path) -> dict[str, str]:
    """What a reader's shell has with the project's environment activated."""
    programs = Path(sys.executable).parent
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
    search = os.pathsep.join([str(programs), os.environ["PATH"]])
    return {**kept, "PATH": search, "PWD": str(project), "COLUMNS": str(_COLUMNS), "OMP_NUM_THREADS": "1"}
