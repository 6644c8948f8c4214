"""What git knows about the bundle's folder; a folder outside of any repository is fine."""

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_PLACES = frozenset({"HOME", "XDG_CONFIG_HOME", "PATH"})


@dataclass(frozen=True)
class GitState:
    """The repository around a folder; empty strings for what is not known.

    Attributes:
        worktree: The repository's top folder, None outside of a repository.
        branch: The checked-out branch; empty when the head is detached.
        commit: The full hash of the head; empty before the first commit.
        origin_url: The address of the remote `origin`, without credentials.
        user_name: The name that git writes into commits; known outside of a repository too.
        user_email: The address that git writes into commits; known outside of a repository too.
    """

    worktree: Path | None = None
    branch: str = ""
    commit: str = ""
    origin_url: str = ""
    user_name: str = ""
    user_email: str = ""


def git_state(folder: Path) -> GitState:
    """Return the state of the repository that holds `folder`."""
    worktree, commit, branch = _head(folder)
    settings = (
        _settings(folder) if _may_be_in_a_repository(folder) else _settings_of_user(_of_git(os.environ))
    )
    return GitState(
        worktree=Path(worktree) if worktree else None,
        branch=branch,
        commit=commit,
        origin_url=_without_credentials(settings.get("remote.origin.url", "")) if worktree else "",
        user_name=settings.get("user.name", ""),
        user_email=settings.get("user.email", ""),
    )


def _head(folder: Path) -> tuple[str, str, str]:
    """Return the top folder, the commit and the branch; the commit is empty before the first one."""
    if not _may_be_in_a_repository(folder):
        return "", "", ""
    found = _git(folder, "rev-parse", "--show-toplevel", "HEAD", "--symbolic-full-name", "HEAD").splitlines()
    if len(found) == 3:
        worktree, commit, reference = found
        return worktree, commit, reference.removeprefix("refs/heads/") if reference != "HEAD" else ""
    worktree = _git(folder, "rev-parse", "--show-toplevel")
    return worktree, "", _git(folder, "symbolic-ref", "--quiet", "--short", "HEAD") if worktree else ""


def _may_be_in_a_repository(folder: Path) -> bool:
    """Return False where git need not be asked: each question is a process."""
    place = folder.resolve()
    return "GIT_DIR" in os.environ or any((each / ".git").exists() for each in (place, *place.parents))


def has_changes(folder: Path) -> bool:
    """Return whether tracked files of the repository around a folder have changes."""
    return bool(_git(folder, "status", "--porcelain", "--untracked-files=no"))


def has_branch(folder: Path, name: str) -> bool:
    """Return whether `git switch` finds a branch: one of the repository around a folder, or of a remote."""
    return bool(_git(folder, "for-each-ref", f"refs/heads/{name}", f"refs/remotes/*/{name}"))


def ignore_files(worktree: Path) -> tuple[Path, ...]:
    """Return the files with ignore patterns that lie outside of a repository's folders: the user's and the repository's own."""
    home = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "git" / "ignore"
    excludes = _git(worktree, "config", "--get", "--type=path", "core.excludesFile")
    own = _git(worktree, "rev-parse", "--path-format=absolute", "--git-path", "info/exclude")
    files = (Path(excludes) if excludes else home, *([Path(own)] if own else []))
    return tuple(file for file in files if file.is_file())


def _settings(folder: Path) -> dict[str, str]:
    """Return the settings of git that matter here; the last value of a name counts, as it does for git."""
    lines = _git(folder, "config", "--get-regexp", r"^(user\.(name|email)|remote\.origin\.url)$").splitlines()
    return {name: value for name, _, value in (line.partition(" ") for line in lines)}


@cache
def _settings_of_user(_environ: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """Return the settings outside of any repository, which are the same in every folder."""
    return _settings(Path(os.sep))


def _of_git(environ: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Return the variables that say where git reads its settings."""
    return tuple(
        (name, value) for name, value in environ.items() if name in _PLACES or name.startswith("GIT_")
    )


def _git(folder: Path, *arguments: str) -> str:
    environ = {**os.environ, "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), *arguments],
            capture_output=True,
            text=True,
            timeout=10,
            check=False,
            env=environ,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def _without_credentials(url: str) -> str:
    scheme, separator, rest = url.partition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme}://{host.rpartition('@')[2]}{slash}{path}" if separator and scheme != "ssh" else url
