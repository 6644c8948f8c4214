"""Run the tests that take too long for each change, case by case, and record the result of each case.

    make soak                       every case of every part
    make soak PART=kills            one part
    make soak PART=python/3.13      one case
    make soak PART=list             the cases, with their last results

The record is `tests/soak/last.json`, and `docs/reference/soak.md` shows it; both are committed. A case keeps its last result
until it runs again; a case that never ran is marked.
"""

import json
import os
import platform
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RECORD = ROOT / "tests" / "soak" / "last.json"
PAGE = ROOT / "docs" / "reference" / "soak.md"
PYTHONS = ("3.11", "3.12", "3.13")
KILL_CASES = 5
KILL_ROUNDS = 2  # three kills each
_TEST_TOOLS = ("pytest>=8.4", "pytest-timeout>=2.3", "pytest-cov>=6", "chispa>=0.11", "jsonschema>=4.23")
_LIBRARY_ON_SPARK = ("-m", "not unit", "packages/databricks-utils")
_PIP = ("pip", "install", "--quiet", "--python")
_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "OMP_WAIT_POLICY": "PASSIVE"}


class CaseFailedError(Exception):
    """Raised when a command of a case fails; the message contains the command."""


@dataclass(frozen=True)
class Case:
    """One case.

    Attributes:
        name: Part and case: `python/3.13`.
        what: What it checks.
        run: Runs the case in an empty folder, and returns a note for the record.
    """

    name: str
    what: str
    run: Callable[[Path], str]


def cases() -> Iterator[Case]:
    """List every case, the parts in the order in which they run."""
    for number in range(1, KILL_CASES + 1):
        yield Case(
            f"kills/{number}", f"{3 * KILL_ROUNDS} kills drawn from a seed lose and double no row", _kills
        )
    yield Case("disks/full", "a full disk refuses what does not fit and harms nothing else", _full_disk)
    for python in PYTHONS:
        yield Case(
            f"python/{python}",
            f"the locked versions on Python {python}",
            lambda folder, it=python: _python(folder, it),
        )
    yield Case("lowest/direct", "the lowest versions that our packages allow", _lowest)
    for runtime in sorted((ROOT / "requirements" / "runtimes").glob("*.txt")):
        yield Case(
            f"runtimes/{runtime.stem}",
            f"the library with the versions of {runtime.stem}",
            lambda folder, it=runtime: _runtime(folder, it),
        )
    yield Case("modes/classic", "the library on a classic session", _classic)
    yield Case(
        "demos/cold", "the demo twice from an empty machine, the second time without a network", _demos
    )


def _kills(_: Path) -> str:
    seed = int(os.environ.get("LAKEWRIGHT_SEED") or random.SystemRandom().randrange(10_000))
    given = {"LAKEWRIGHT_SEED": str(seed), "LAKEWRIGHT_KILL_ROUNDS": str(KILL_ROUNDS)}
    _call(sys.executable, "-m", "pytest", "-q", "-s", "tests/test_kills.py", environment=given)
    return f"seeds {seed} to {seed + KILL_ROUNDS - 1}"


def _full_disk(_: Path) -> str:
    _call(sys.executable, "-m", "pytest", "-q", "tests/test_full_disk.py")
    return ""


def _classic(_: Path) -> str:
    _call(
        sys.executable, "-m", "pytest", "-q", *_LIBRARY_ON_SPARK, environment={"DBX_SPARK__MODE": "classic"}
    )
    return ""


def _demos(_: Path) -> str:
    _call("scripts/fresh_machine.sh", "demo", "demo")
    return ""


def _python(folder: Path, version: str) -> str:
    python = _environment(folder, version, "--require-hashes", "-r", "requirements/dev.lock")
    _ours(python)
    return _unit_and_spark(python)


def _lowest(folder: Path) -> str:
    lock = folder / "lowest.txt"
    packages = ("packages/databricks-utils/pyproject.toml", "packages/lakewright/pyproject.toml")
    options = (
        "--resolution",
        "lowest-direct",
        "--python-version",
        "3.11",
        "--no-emit-package",
        "databricks-utils",
    )
    extras = ("--extra", "ml", "--extra", "shell")
    _call(_uv(), "pip", "compile", "--quiet", *options, *extras, *packages, "-o", str(lock))
    python = _environment(
        folder, "3.11", "-r", str(lock), *_TEST_TOOLS, "lightgbm>=4.5", "hatchling", "editables"
    )
    _ours(python)
    return _unit_and_spark(python)


def _runtime(folder: Path, constraints: Path) -> str:
    libraries = (
        "mlflow-skinny",
        "pandas",
        "numpy",
        "scikit-learn",
        "matplotlib",
        "lightgbm",
        "pyarrow",
        "sqlalchemy",
    )
    base = ("pydantic", "PyYAML", "hatchling", "editables", *_TEST_TOOLS)
    python = _environment(folder, "3.12", "-c", str(constraints), *base, *libraries)
    _call(_uv(), *_PIP, python, "--no-deps", "--no-build-isolation", "-e", "packages/databricks-utils")
    _call(python, "-m", "pytest", "-q", "-m", "unit", "packages/databricks-utils")
    return _version(python)


def _unit_and_spark(python: str) -> str:
    _call(python, "-m", "pytest", "-q", "-m", "unit")
    _call(python, "-m", "pytest", "-q", *_LIBRARY_ON_SPARK)
    return _version(python)


def _environment(folder: Path, version: str, *packages: str) -> str:
    """Make a virtual environment with a version of Python and install packages; return its interpreter.

    Raises:
        CaseFailedError: This Python is not on this machine, or a package could not be installed.
    """
    _call(_uv(), "venv", "--quiet", "--no-python-downloads", "--python", _find(version), str(folder / "venv"))
    python = str(folder / "venv" / "bin" / "python")
    _call(_uv(), *_PIP, python, *packages)
    return python


def _find(version: str) -> str:
    """Find the interpreter of a version: on PATH, or among pyenv's."""
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    found = [shutil.which(f"python{version}"), *map(str, sorted(pyenv.glob(f"{version}.*/bin/python")))]
    for candidate in filter(None, found):
        # A version manager's shim works only if its version is active.
        if subprocess.run([candidate, "-c", ""], capture_output=True, check=False).returncode == 0:
            return candidate
    raise CaseFailedError(f"Python {version} is not on this machine")


def _ours(python: str) -> None:
    both = ("-e", "packages/databricks-utils", "-e", "packages/lakewright")
    _call(_uv(), *_PIP, python, "--no-deps", "--no-build-isolation", *both)


def _version(python: str) -> str:
    done = subprocess.run([python, "-V"], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def _uv() -> str:
    return shutil.which("uv") or str(ROOT / ".bootstrap" / "bin" / "uv")


def _call(*command: str, environment: Mapping[str, str] | None = None) -> None:
    """Run a command in the workspace.

    Raises:
        CaseFailedError: It failed.
    """
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **_ONE_THREAD, **(environment or {})}, check=False
    )
    if done.returncode:
        raise CaseFailedError(f"exit code {done.returncode}: {' '.join(Path(part).name for part in command)}")


def run(case: Case) -> dict[str, object]:
    """Run a case and return its entry of the record."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        try:
            verdict, note = "passed", case.run(Path(folder))
        except CaseFailedError as error:
            verdict, note = "failed", str(error)
    return {
        "result": verdict,
        "note": note,
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "minutes": round((time.monotonic() - began) / 60, 1),
        "commit": _git("rev-parse", "--short", "HEAD") + ("-dirty" if _git("status", "--porcelain") else ""),
        "machine": machine(),
    }


def machine() -> str:
    """Describe this machine in a line."""
    return f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}"


def page(record: Mapping[str, Mapping[str, object]], known: Sequence[Case]) -> str:
    """Return the page that shows a record."""
    lines = [
        "# Last results of `make soak`",
        "",
        "What takes too long for each change runs apart, case by case: `make soak`, or `make soak PART=kills`. This page is made from",
        "`tests/soak/last.json` by the same command. A result holds for the commit beside it.",
        "",
        "| case | shows | result | date | commit | minutes | machine | note |",
        "|---|---|---|---|---|---:|---|---|",
    ]
    for case in known:
        entry = record.get(case.name)
        columns = ("result", "date", "commit", "minutes", "machine", "note")
        told = [str(entry[column]) for column in columns] if entry else ["not run", "", "", "", "", ""]
        lines.append("| " + " | ".join([f"`{case.name}`", case.what, *told]) + " |")
    return "\n".join(lines) + "\n"


def read_record() -> dict[str, dict[str, object]]:
    """Read the committed record; empty where there is none."""
    return json.loads(RECORD.read_text(encoding="utf-8")) if RECORD.is_file() else {}


def write_record(record: Mapping[str, Mapping[str, object]], known: Sequence[Case]) -> None:
    """Write the record and its page."""
    RECORD.write_text(json.dumps(record, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    PAGE.write_text(page(record, known), encoding="utf-8")


def chosen(known: Sequence[Case], parts: Sequence[str]) -> list[Case]:
    """Return the cases of the parts that were named, all without a name.

    Raises:
        SystemExit: A name is neither a part's nor a case's.
    """
    for part in parts:
        if not any(part in (case.name, case.name.partition("/")[0]) for case in known):
            sys.exit(f"error: there is no part or case {part}\n  fix: make soak PART=list")
    return [
        case
        for case in known
        if not parts or any(part in (case.name, case.name.partition("/")[0]) for part in parts)
    ]


def _git(*arguments: str) -> str:
    return subprocess.run(
        ["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.strip()


def main(parts: Sequence[str]) -> int:
    """Run the parts that were named, all without a name; 1 if a case failed."""
    known = list(cases())
    if list(parts) == ["list"]:
        print(page(read_record(), known))
        return 0
    failed = []
    for case in chosen(known, parts):
        print(f"── soak: {case.name}: {case.what}", flush=True)
        entry = run(case)
        write_record({**read_record(), case.name: entry}, known)
        print(f"── soak: {case.name}: {entry['result']}, {entry['minutes']} min {entry['note']}", flush=True)
        failed += [case.name] if entry["result"] == "failed" else []
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
