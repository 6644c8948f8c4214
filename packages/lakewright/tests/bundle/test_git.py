"""Branch, commit and user of the bundle's repository."""

import subprocess

import pytest

from lakewright.bundle.resolving.git import git_state, has_changes

pytestmark = pytest.mark.unit

AUTHOR = ("-c", "user.name=Ana", "-c", "user.email=ana@example.org")


def git(folder, *arguments):
    return subprocess.run(
        ["git", *AUTHOR, *arguments], cwd=folder, check=True, capture_output=True, text=True
    ).stdout.strip()


@pytest.fixture
def repository(tmp_path):
    git(tmp_path, "init", "--quiet", "--initial-branch", "feature/x")
    return tmp_path


def test_before_the_first_commit_the_branch_is_known(repository):
    state = git_state(repository)
    assert (state.worktree, state.branch, state.commit) == (repository.resolve(), "feature/x", "")


def test_a_detached_head_has_a_commit_and_no_branch(repository):
    git(repository, "commit", "--quiet", "--allow-empty", "-m", "one")
    commit = git(repository, "rev-parse", "HEAD")
    state = git_state(repository)
    assert (state.branch, state.commit) == ("feature/x", commit)
    git(repository, "checkout", "--quiet", "--detach")
    state = git_state(repository)
    assert (state.branch, state.commit) == ("", commit)


def test_a_project_that_a_link_leads_to_has_the_commit_of_its_repository(repository, tmp_path_factory):
    git(repository, "commit", "--quiet", "--allow-empty", "-m", "one")
    link = tmp_path_factory.mktemp("linked") / "project"
    link.symlink_to(repository)
    assert git_state(link).commit == git(repository, "rev-parse", "HEAD")


def test_the_user_is_known_from_the_settings_of_the_repository(repository):
    git(repository, "config", "user.email", "ana.lopez@example.org")
    git(repository, "config", "user.name", "Ana López")
    state = git_state(repository)
    assert (state.user_email, state.user_name) == ("ana.lopez@example.org", "Ana López")


def test_outside_of_a_repository_nothing_is_known(tmp_path, monkeypatch):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    state = git_state(tmp_path)
    assert (state.worktree, state.branch, state.commit, state.origin_url) == (None, "", "", "")


def test_the_user_outside_of_a_repository_is_that_of_the_home(tmp_path, monkeypatch):
    for name in ("GIT_CONFIG_GLOBAL", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name in ("Ana", "Bob"):
        home = tmp_path / name
        home.mkdir()
        (home / ".gitconfig").write_text(f'[user]\nname = {name}\n[remote "origin"]\nurl = https://x\n')
        monkeypatch.setenv("HOME", str(home))
        state = git_state(home)
        assert (state.user_name, state.origin_url, state.worktree) == (name, "", None)


def test_only_tracked_files_count_as_changes(repository):
    file = repository / "a.txt"
    file.write_text("one", encoding="utf-8")
    assert not has_changes(repository)
    git(repository, "add", "a.txt")
    assert has_changes(repository)


SYNC = "bundle: {name: s}\nsync:\n  paths:\n    - .\n    - ..\n"


def test_a_sync_path_outside_of_the_repository_is_an_error(project, of):
    project.root = project.root / "app"
    project.write(databricks=SYNC)
    git(project.root, "init", "--quiet")
    (error,) = of(project.load().diagnostics, "is not within repository root", "error")
    assert error.summary.startswith(f"path {project.root.parent.resolve()} ")
    assert (error.code, error.path, error.location.line) == ("LW401", "sync.paths[1]", 5)


def test_a_sync_path_inside_the_repository_is_fine(project):
    git(project.root, "init", "--quiet")
    outside = project.root.parent / f"{project.root.name}-data"
    outside.mkdir()
    project.root = project.root / "app"
    project.write(databricks=SYNC + "    - linked\n")
    (project.root / "linked").symlink_to(outside)
    assert not project.load().has_errors


def test_a_sync_path_may_lead_anywhere_without_a_repository(project, monkeypatch):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(project.root))
    project.root = project.root / "app"
    project.write(databricks=SYNC)
    assert not project.load().has_errors
