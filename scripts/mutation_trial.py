"""A copy of a project in which mutations are tried: break a file, run the quick tests until one fails, restore the file.

Each run is a fork of this process, which has imported the large libraries but nothing of the project; and all runs use one engine.
"""

import importlib
import multiprocessing
import os
import shutil
import sys
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from mutation_list import Mutation
from soak_commands import CaseFailedError, clean, read_report

from lakewright.engine import stop_engine

_LEFT_OUT = shutil.ignore_patterns(
    ".lakewright", "__pycache__", ".pytest_cache", ".venv", "dist", ".coverage"
)
_TIMEOUT_SECONDS = 1800.0
_QUICK = ("-m", "unit", "-x", "-q", "-p", "no:cacheprovider", "--no-cov", "--tb=no", "--no-header")
_IMPORTED = (
    "pytest",
    "pandas",
    "sklearn.pipeline",
    "sklearn.metrics",
    "lightgbm",
    "pydantic",
    "yaml",
    "pyspark.sql.connect.session",
)


class Trial:
    """A copy of a project, and the runs of its quick tests in it.

    Args:
        folder: An empty folder.
        project: The project.
        imported: Modules that every run needs; they are imported once.
    """

    def __init__(self, folder: Path, project: Path, imported: Sequence[str] = _IMPORTED) -> None:
        self._folder, self.copy = folder, folder / "project"
        self._environ = clean(os.environ)
        shutil.copytree(project, self.copy, ignore=_LEFT_OUT)
        os.environ.update(clean({}))  # the number of threads, before numpy is imported
        for name in imported:
            importlib.import_module(name)

    def run(self, mutation: Mutation | None) -> dict[str, object]:
        """Run the quick tests with a mutation, or of the unchanged project; return the entry of the record."""
        began = time.monotonic()
        if mutation is None:
            failed = self._first_failure()
        else:
            path = self.copy / mutation.file
            content = path.read_text(encoding="utf-8")
            path.write_text(mutation.applied_to(content), encoding="utf-8")
            try:
                failed = self._first_failure()
            finally:
                path.write_text(content, encoding="utf-8")
        return {
            "result": "killed" if failed else "survived",
            "by": failed,
            "seconds": round(time.monotonic() - began),
            "date": f"{datetime.now(UTC):%Y-%m-%d}",
        }

    def stop(self) -> None:
        """Stop the engine."""
        lakehouse = self._folder / "lakehouse"
        if lakehouse.is_dir():
            stop_engine(lakehouse)

    def _first_failure(self) -> str:
        """Return the first test that fails, or that the time limit was reached; empty if all pass.

        Raises:
            CaseFailedError: pytest itself failed, so that the tests say nothing about the mutation.
        """
        report, temporary = self._folder / "report.xml", self._folder / "temporary"
        report.unlink(missing_ok=True)
        temporary.mkdir(exist_ok=True)
        kept = (f"--keep-engine={self._folder / 'lakehouse'}", f"--basetemp={temporary / 'run'}")
        arguments = [*_QUICK, *kept, f"--junitxml={report}"]
        process = multiprocessing.get_context("fork").Process(
            target=_run_pytest, args=(self.copy, arguments, self._environ, self._folder / "output")
        )
        process.start()
        process.join(_TIMEOUT_SECONDS)
        if process.is_alive():
            process.kill()
            process.join()
            return "(the time limit)"
        if process.exitcode == 0:
            return ""
        failed = read_report(report).failed if report.is_file() else ()
        if not failed:
            printed = (self._folder / "output").read_text(encoding="utf-8", errors="replace")
            raise CaseFailedError(f"pytest ended with exit code {process.exitcode}:\n{printed[-2000:]}")
        return failed[0]


def _run_pytest(folder: Path, arguments: list[str], environ: Mapping[str, str], output: Path) -> None:
    """Be a fresh process that runs pytest in a folder; its output goes to a file."""
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environ)
    # Python would take the compiled file of a source that was changed twice within one second.
    sys.dont_write_bytecode = True
    stream = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(stream, 1)
    os.dup2(stream, 2)
    sys.stdout, sys.stderr = os.fdopen(1, "w", closefd=False), os.fdopen(2, "w", closefd=False)
    import pytest

    sys.exit(int(pytest.main(arguments)))
