"""The repository of the demo's project: the branch that the targets require, with a commit to compare with."""

import subprocess
from pathlib import Path

import pytest

pytestmark = pytest.mark.unit

ROOT = Path(__file__).parent.parent


def git(folder, *arguments):
    done = subprocess.run(["git", "-C", str(folder), *arguments], check=True, capture_output=True, text=True)
    return done.stdout.strip()


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))  # nobody has said who commits, or with which first branch
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.delenv("GIT_DIR", raising=False)
    folder = tmp_path / "flights"
    folder.mkdir()
    (folder / "databricks.yml").write_text("bundle: {name: flights}\n")
    (folder / ".gitignore").write_text(".venv/\n")
    (folder / ".venv").mkdir()
    (folder / ".venv" / "python").write_text("")
    return folder


def make(folder):
    subprocess.run([str(ROOT / "scripts/demo_repository.sh"), str(folder)], check=True, timeout=60)


def test_the_project_is_committed_on_the_branch_main(project):
    make(project)
    assert git(project, "branch", "--show-current") == "main"
    assert git(project, "ls-tree", "--name-only", "HEAD").splitlines() == [".gitignore", "databricks.yml"]


def test_a_repository_without_a_commit_gets_both_too(project):
    git(project, "init", "--quiet", "--initial-branch", "master")
    make(project)
    assert git(project, "branch", "--show-current") == "main"
    assert git(project, "rev-list", "--count", "HEAD") == "1"


def test_what_a_user_has_committed_stays(project):
    make(project)
    git(project, "switch", "--quiet", "-c", "topic")
    (project / "new.txt").write_text("")
    make(project)
    assert git(project, "branch", "--show-current") == "topic"
    assert git(project, "rev-list", "--count", "HEAD") == "1"


def test_the_demo_makes_its_repository_so():
    assert 'scripts/demo_repository.sh "$target"' in (ROOT / "scripts/demo.sh").read_text()
