"""The commit in a run's record is that of the project's own files."""

import subprocess
from pathlib import Path

import pytest

from lakewright.runner.git_commit import git_sha

pytestmark = pytest.mark.unit


def git(folder: Path, *arguments: str) -> str:
    options = ["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false"]
    command = ["git", *options, "-C", str(folder), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with one commit, that ignores `demo/`."""
    git(tmp_path, "init", "-q")
    (tmp_path / ".gitignore").write_text("demo/\n")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-q", "-m", "first")
    return tmp_path


@pytest.mark.parametrize("name", ["demo/flights", "not_added"])
def test_a_folder_that_another_repository_does_not_hold_has_no_commit(repository: Path, name: str) -> None:
    folder = repository / name
    folder.mkdir(parents=True)
    (folder / "databricks.yml").write_text("bundle: {name: x}\n")
    assert git_sha(folder) == "unknown"


def test_a_project_in_a_folder_of_a_repository_has_its_commit(repository: Path) -> None:
    folder = repository / "projects" / "flights"
    folder.mkdir(parents=True)
    file = folder / "databricks.yml"
    file.write_text("bundle: {name: x}\n")
    git(repository, "add", ".")
    git(repository, "commit", "-q", "-m", "second")
    sha = git(repository, "rev-parse", "HEAD")
    assert git_sha(folder) == sha
    file.write_text("bundle: {name: y}\n")
    assert git_sha(folder) == f"{sha}-dirty"


def test_a_folder_without_git_has_no_commit(tmp_path: Path) -> None:
    assert git_sha(tmp_path) == "unknown"
