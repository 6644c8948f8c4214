"""Fragments of the changelog: a change without one is noticed, and a version gets all of them."""

import shutil
import subprocess
from pathlib import Path

import pytest
import release
from repository_tools import program

pytestmark = pytest.mark.unit

ROOT = Path(__file__).parents[1]


def git(folder, *arguments):
    own = ("-c", "user.name=someone", "-c", "user.email=someone@example.com")
    subprocess.run(["git", *own, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path):
    """A repository with our settings and no fragment, on a branch beside `main`."""
    (tmp_path / "changelog.d").mkdir()
    for name in ("pyproject.toml", "changelog.d/README.md", "changelog.d/template.md.jinja"):
        shutil.copy(ROOT / name, tmp_path / name)
    head = (ROOT / "CHANGELOG.md").read_text().partition("<!-- new versions begin here -->\n")
    (tmp_path / "CHANGELOG.md").write_text("".join(head[:2]) + "\n## 0.0.1 - 2026-01-01\n\n- The first.\n")
    git(tmp_path, "init", "-q", "-b", "main")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-qm", "first")
    git(tmp_path, "switch", "-qc", "change")
    return tmp_path


def towncrier(folder, *arguments):
    command = [program("towncrier"), *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def change(folder, fragment):
    (folder / "code.py").write_text("changed\n")
    if fragment:
        (folder / "changelog.d" / fragment).write_text("- One.\n- Two,\n  of two lines.\n")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "change")


@pytest.mark.parametrize(
    ("fragment", "code"), [("", 1), ("+words.fixed.md", 0), ("+words.misc.md", 0), ("+words.fixd.md", 1)]
)
def test_a_change_needs_a_fragment_of_a_known_kind(repository, fragment, code):
    change(repository, fragment)
    done = towncrier(repository, "check", "--compare-with", "main")
    assert done.returncode == code, done.stdout + done.stderr


def test_a_version_gets_all_fragments_as_they_are(repository):
    change(repository, "+words.fixed.md")
    (repository / "changelog.d" / "+hidden.misc.md").write_text("- Nobody sees this.\n")
    git(repository, "add", "-A")
    git(repository, "commit", "-qm", "hidden")
    done = towncrier(repository, "build", "--yes", "--version", "1.2.0", "--date", "2026-11-27")
    assert done.returncode == 0, done.stderr
    assert release.notes(repository, "v1.2.0") == "### Fixed\n\n- One.\n- Two,\n  of two lines."
    assert release.notes(repository, "v0.0.1") == "- The first."
    text = (repository / "CHANGELOG.md").read_text()
    assert "\n## 1.2.0 - 2026-11-27\n" in text
    assert "Nobody sees this" not in text
    left = {path.name for path in (repository / "changelog.d").iterdir()}
    assert left == {"README.md", "template.md.jinja"}
    # The commit of a release has no fragment, and needs none.
    git(repository, "commit", "-qam", "version")
    assert towncrier(repository, "check", "--compare-with", "main").returncode == 0


def test_each_fragment_here_has_a_name_that_towncrier_reads():
    done = towncrier(ROOT, "build", "--draft", "--version", "9.9.9")
    assert done.returncode == 0, done.stderr
    for file in (ROOT / "changelog.d").glob("*.*.md"):
        assert file.name.startswith("+"), file.name
        if not file.name.endswith(".misc.md"):
            assert file.read_text(encoding="utf-8").startswith("- ")
            assert file.read_text(encoding="utf-8").splitlines()[0] in done.stdout
