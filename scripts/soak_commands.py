"""What the cases of `make soak` run: commands without the settings of the caller's shell, and tests that really ran."""

import os
import shutil
import subprocess
import tempfile
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TEST_TOOLS = ("pytest", "pytest-timeout", "pytest-cov", "chispa", "jsonschema")
BUILD_TOOLS = ("hatchling", "editables")
_PIP = ("pip", "install", "--quiet", "--python")
_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "OMP_WAIT_POLICY": "PASSIVE"}
# What a shell may have set, and what would then be tested instead of the case.
_LEFT_OUT = (
    "PYTHON",
    "VIRTUAL_ENV",
    "CONDA_",
    "PYTEST_",
    "COVERAGE_",
    "PYSPARK_",
    "SPARK_",
    "DBX_",
    "DATABRICKS_",
    "MLFLOW_",
    "LAKEWRIGHT_",
    "UV_CONSTRAINT",
    "UV_OVERRIDE",
    "UV_RESOLUTION",
)
_KEPT = ("LAKEWRIGHT_MAVEN_URL", "LAKEWRIGHT_INFRASTRUCTURE")
# Tests of the suites that have no subject in a case; a test that is skipped for another reason fails the case.
_MAY_SKIP = ("a process in classic mode has one session",)


class CaseFailedError(Exception):
    """Raised when a command of a case fails or tests nothing; the message contains the command."""


@dataclass(frozen=True)
class Outcome:
    """What pytest reports about its tests.

    Attributes:
        passed: How many passed; expected failures count.
        failed: The names of those that failed.
        skipped: The reasons of those that were skipped.
    """

    passed: int
    failed: tuple[str, ...]
    skipped: tuple[str, ...]


def call(*command: str, environment: Mapping[str, str] | None = None, folder: Path = ROOT) -> None:
    """Run a command.

    Args:
        command: The program and its arguments.
        folder: Where to run it; by default in the workspace.
        environment: Variables that this command needs; the caller's shell gives it no Python, Spark or Databricks settings.

    Raises:
        CaseFailedError: It failed or could not be started.
    """
    shown = " ".join(Path(part).name for part in command)
    try:
        done = subprocess.run(
            command, cwd=folder, env={**clean(os.environ), **(environment or {})}, check=False
        )
    except OSError as error:
        raise CaseFailedError(f"{error}: {shown}") from error
    if done.returncode:
        raise CaseFailedError(f"exit code {done.returncode}: {shown}")


def clean(variables: Mapping[str, str]) -> dict[str, str]:
    """Return the variables without those that change which code or which settings a command uses."""
    kept = {
        name: value for name, value in variables.items() if name in _KEPT or not name.startswith(_LEFT_OUT)
    }
    return {**kept, **_ONE_THREAD}


def run_tests(python: str, *arguments: str, environment: Mapping[str, str] | None = None) -> str:
    """Run tests with an interpreter and return how many passed.

    Raises:
        CaseFailedError: A test failed or was skipped, or there was none.
    """
    with tempfile.TemporaryDirectory(prefix="soak-report-") as folder:
        report = Path(folder) / "junit.xml"
        command = ("-m", "pytest", "-q", "-p", "no:cacheprovider", f"--junitxml={report}", *arguments)
        try:
            call(python, *command, environment=environment)
        except CaseFailedError as error:
            failed = read_report(report).failed if report.is_file() else ()
            raise CaseFailedError(", ".join(failed[:3]) or str(error)) from error
        return prove_tested(read_report(report))


def read_report(report: Path) -> Outcome:
    """Read a JUnit report of pytest."""
    passed, failed, skipped = 0, [], []
    for test in ET.parse(report).iter("testcase"):
        skip = test.find("skipped")
        if test.find("failure") is not None or test.find("error") is not None:
            failed.append(str(test.get("name")))
        elif skip is not None and skip.get("type") != "pytest.xfail":
            skipped.append(str(skip.get("message")))
        else:
            passed += 1
    return Outcome(passed, tuple(failed), tuple(skipped))


def prove_tested(outcome: Outcome) -> str:
    """Return how many tests passed, for the record.

    Raises:
        CaseFailedError: None passed, one failed, or one was skipped that must run.
    """
    if outcome.failed:
        raise CaseFailedError(", ".join(outcome.failed[:3]))
    skipped = [reason for reason in outcome.skipped if not reason.endswith(_MAY_SKIP)]
    if skipped:
        raise CaseFailedError(f"{len(skipped)} tests were skipped: {skipped[0]}")
    if not outcome.passed:
        raise CaseFailedError("no test ran")
    return f"{outcome.passed} tests"


def make_environment(folder: Path, version: str, *packages: str) -> str:
    """Make a virtual environment with a version of Python and install packages; return its interpreter.

    Raises:
        CaseFailedError: This Python is not on this machine, or a package could not be installed.
    """
    call(
        uv(),
        "venv",
        "--quiet",
        "--no-python-downloads",
        "--python",
        find_python(version),
        str(folder / "venv"),
    )
    python = str(folder / "venv" / "bin" / "python")
    call(uv(), *_PIP, python, *packages)
    return python


def install_build_tools(python: str) -> None:
    """Install what builds our packages and the wheels of a project, in the versions that this workspace locks."""
    call(uv(), *_PIP, python, "--constraints", "requirements/dev.lock", *BUILD_TOOLS)


def install_ours(python: str, *names: str) -> None:
    """Install our packages from the workspace, without their dependencies."""
    folders = [part for name in names for part in ("-e", f"packages/{name}")]
    call(uv(), *_PIP, python, "--no-deps", "--no-build-isolation", *folders)


def java() -> tuple[str, ...]:
    """Return what to install so that Spark starts: nothing where this machine has a Java, as `make setup` decides."""
    found = subprocess.run(
        ["bash", "-c", "source scripts/tools.sh; has_java"], cwd=ROOT, capture_output=True, check=False
    )
    return () if found.returncode == 0 else ("-r", "requirements/java.lock")


def find_python(version: str) -> str:
    """Find the interpreter of a version: on PATH, among pyenv's, or among those that uv has installed.

    Raises:
        CaseFailedError: This machine has none that starts.
    """
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    managed = subprocess.run(
        [uv(), "python", "find", "--managed-python", "--no-python-downloads", version],
        capture_output=True,
        text=True,
        check=False,
    )
    found = [
        shutil.which(f"python{version}"),
        *map(str, sorted(pyenv.glob(f"{version}.*/bin/python"))),
        managed.stdout.strip(),
    ]
    for candidate in filter(None, found):
        # A version manager's shim works only if its version is active.
        if python_version(candidate).startswith(f"Python {version}."):
            return candidate
    raise CaseFailedError(f"Python {version} is not on this machine")


def python_version(python: str) -> str:
    """Return what an interpreter says about itself, `Python 3.13.0`; empty if it does not start."""
    done = subprocess.run([python, "-V"], capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else ""


def uv() -> str:
    """Return uv's path: on PATH, or where `make setup` has put it."""
    return shutil.which("uv") or str(ROOT / ".bootstrap" / "bin" / "uv")
