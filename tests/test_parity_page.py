"""The page of what a laptop and a workspace do differently is the one that the tests' marks give."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.unit

ROOT = Path(__file__).parents[1]
PARTS = ("scripts/parity_page.py", "scripts/generated_file.py", "tests/parity_marks.py")
TEST = """
import pytest

@pytest.mark.parametrize("spark", MODES)
@pytest.mark.ours(where="connect", area="Files", what="`a|b`", fails="NOPE", reason="not done", link="https://docs.databricks.com/x")
def test_it(spark):
    raise ValueError("NOPE")
"""


def run(root, *arguments):
    environ = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    command = [sys.executable, str(root / PARTS[0]), *arguments]
    return subprocess.run(command, cwd=root, env=environ, capture_output=True, text=True, check=False)


@pytest.fixture
def repository(tmp_path):
    """A repository with one marked test that runs in both modes."""
    for part in PARTS:
        (tmp_path / part).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / part, tmp_path / part)
    (tmp_path / "docs" / "reference").mkdir(parents=True)
    settings = '[tool.pytest.ini_options]\npythonpath = ["tests"]\naddopts = ["-p", "parity_marks"]\n'
    (tmp_path / "pyproject.toml").write_text(settings)
    write(tmp_path, "['classic', 'connect']")
    return tmp_path


def write(root, modes):
    (root / "tests" / "test_it.py").write_text(TEST.replace("MODES", modes))


def test_the_page_is_what_the_marks_say():
    done = run(ROOT, "--check")
    assert done.returncode == 0, done.stderr


@pytest.mark.drawn(4)
def test_a_mark_that_is_made_from_the_name_of_its_kind_is_found(repository):
    made = TEST.replace("@pytest.mark.ours(", "@getattr(pytest.mark, 'ours')(")
    (repository / "tests" / "test_it.py").write_text(made.replace("MODES", "['classic', 'connect']"))
    assert run(repository).returncode == 0
    assert "fails: `NOPE`" in (repository / "docs" / "reference" / "parity.md").read_text()


@pytest.mark.drawn(4)
def test_a_line_says_that_it_is_not_verified_against_a_workspace(repository):
    unverified = (
        TEST.replace("ours(", "unverified(")
        .replace("fails=", "instead=")
        .replace("raise", "assert")
        .replace('"connect"', "('connect', 'classic')")
    )
    (repository / "tests" / "test_it.py").write_text(unverified.replace("MODES", "['classic', 'connect']"))
    assert run(repository).returncode == 0
    text = (repository / "docs" / "reference" / "parity.md").read_text()
    assert r"| `a\|b` | NOPE | NOPE | not verified against a workspace | unverified |" in text


@pytest.mark.drawn(4)
def test_a_line_shows_both_modes_the_workspace_and_the_reason(repository):
    assert run(repository).returncode == 0
    lines = (repository / "docs" / "reference" / "parity.md").read_text().splitlines()
    assert (
        r"| `a\|b` | fails: `NOPE` | works | works | ours | not done ([Databricks](https://docs.databricks.com/x)) |"
        in lines
    )
    assert "| ours | we can make it equal; not done yet | 1 |" in lines


@pytest.mark.drawn(4)
def test_a_mark_that_is_made_by_its_name_has_a_line(repository):
    test = repository / "tests" / "test_it.py"
    test.write_text(test.read_text().replace("pytest.mark.ours(", "getattr(pytest.mark, 'ours')("))
    run(repository)
    page = (repository / "docs" / "reference" / "parity.md").read_text()
    assert "| ours | we can make it equal; not done yet | 1 |" in page


@pytest.mark.drawn(4)
def test_a_line_shows_what_happens_instead_where_the_mark_says_it(repository):
    test = repository / "tests" / "test_it.py"
    test.write_text(
        test.read_text().replace('fails="NOPE"', 'fails="NOPE", instead="allowed", workspace="refused"')
    )
    run(repository)
    assert (
        "| allowed | works | refused | ours |"
        in (repository / "docs" / "reference" / "parity.md").read_text()
    )


@pytest.mark.drawn(4)
def test_a_stale_page_is_refused(repository):
    missing = run(repository, "--check")
    assert (missing.returncode, "make parity" in missing.stderr) == (1, True)
    run(repository)
    assert run(repository, "--check").returncode == 0
    test = repository / "tests" / "test_it.py"
    test.write_text(test.read_text().replace("not done", "not done yet"))
    assert run(repository, "--check").returncode == 1


@pytest.mark.drawn(4)
def test_a_difference_that_no_test_shows_in_both_modes_is_refused(repository):
    write(repository, "['connect']")
    done = run(repository)
    assert done.returncode == 1
    assert "no test shows it in mode classic; mark the test `over_connect`" in done.stderr


@pytest.mark.drawn(4)
def test_a_mark_that_is_not_complete_is_reported(repository):
    test = repository / "tests" / "test_it.py"
    test.write_text(test.read_text().replace('reason="not done", ', ""))
    done = run(repository)
    assert done.returncode == 1
    assert "`ours` has no reason" in done.stderr
