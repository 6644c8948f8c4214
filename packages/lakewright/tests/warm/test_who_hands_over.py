"""`lakewright sql` and runs of tests with `--keep-engine` hand over to a warm process, and leave one behind; nothing else does."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

pytestmark = [
    pytest.mark.unit,
    pytest.mark.skipif(sys.platform != "linux", reason="processes are forked on Linux only"),
]
CONFTEST = "import os\nprint('conftest of', os.getppid())\n"
TEST = """
import os, sys

def test_one():
    assert os.environ.get("LAKEWRIGHT_PARENT_PID") == os.environ["EXPECTED_PARENT"]
    assert "lakewright.warm.server" not in sys.modules
    assert os.getcwd() in sys.path

def test_two():
    assert [1] == [2]
"""


def run_tests(warm: Any, folder: Path, *options: str, **variables: str) -> subprocess.CompletedProcess[str]:
    (folder / "conftest.py").write_text(CONFTEST)
    (folder / "test_it.py").write_text(TEST)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-s",
        "-p",
        "no:cacheprovider",
        f"--keep-engine={warm.project}",
    ]
    environ = warm.environ(EXPECTED_PARENT=str(os.getpid()), **variables)
    return subprocess.run(
        [*command, *options, "test_it.py"],
        cwd=folder,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tests")


def test_tests_run_in_a_fork_with_the_same_verdict_and_fresh_packages_of_ours(
    warm: Any, folder: Path
) -> None:
    server = warm.start("probe_ahead")
    done = run_tests(warm, folder)
    assert done.stdout.count("conftest of") == 1
    assert f"conftest of {server}" in done.stdout
    assert done.returncode == 1
    assert "1 failed, 1 passed" in done.stdout
    assert "assert [1] == [2]" in done.stdout
    assert "warning" not in done.stdout  # of a module that pytest could not rewrite


@pytest.mark.parametrize("variable", ["LAKEWRIGHT_WARM", "PYTEST_XDIST_WORKER"])
def test_tests_run_in_their_own_process_where_they_must(warm: Any, folder: Path, variable: str) -> None:
    server = warm.start("probe_ahead")
    done = run_tests(warm, folder, **{variable: "0"})
    assert "conftest of" in done.stdout
    assert f"conftest of {server}" not in done.stdout


def test_coverage_begins_in_the_fork(warm: Any, folder: Path) -> None:
    server = warm.start("probe_ahead")
    done = run_tests(warm, folder, "--cov=test_it")
    assert f"conftest of {server}" in done.stdout
    assert "test_it.py" in done.stdout.partition("coverage:")[2]


def lakewright(warm: Any, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    (warm.project / "databricks.yml").write_text("bundle: {name: p}\n")
    return subprocess.run(
        [sys.executable, "-m", "lakewright", *words],
        cwd=warm.project,
        env=warm.environ(**variables),
        capture_output=True,
        text=True,
        check=False,
    )


def test_sql_leaves_a_warm_process_behind_and_the_next_one_prints_the_same(warm: Any) -> None:
    first = lakewright(warm, "sql")
    while (place := warm.place.identity()) is None:
        time.sleep(0.01)
    second = lakewright(warm, "sql")
    assert "give either statements or a file" in second.stderr
    assert (second.returncode, second.stdout, second.stderr) == (2, first.stdout, first.stderr)
    assert warm.place.identity() == place


@pytest.mark.parametrize(
    ("words", "variables"), [(["sql"], {"LAKEWRIGHT_WARM": "0"}), (["explain", "LW602"], {})]
)
def test_nothing_is_left_behind_where_it_is_not_wanted(
    warm: Any, words: list[str], variables: dict[str, str]
) -> None:
    lakewright(warm, *words, **variables)
    assert not warm.place.folder.exists()
