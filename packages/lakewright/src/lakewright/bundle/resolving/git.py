"""What git knows about the bundle's folder; a folder outside of any repository is fine."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class GitState:
    """The repository around a folder; empty strings for what is not known.

    Attributes:
        worktree: The repository's top folder, None outside of a repository.
        branch: The checked-out branch; empty when the head is detached.
        commit: The full hash of the head; empty before the first commit.
        origin_url: The address of the remote `origin`, without credentials.
        dirty: Whether tracked files have changes.
    """

    worktree: Path | None = None
    branch: str = ""
    commit: str = ""
    origin_url: str = ""
    dirty: bool = False


def git_state(folder: Path) -> GitState:
    """Return the state of the repository that holds `folder`."""
    top = _git(folder, "rev-parse", "--show-toplevel")
    if not top:
        return GitState()
    return GitState(
        worktree=Path(top),
        branch=_git(folder, "symbolic-ref", "--quiet", "--short", "HEAD"),
        commit=_git(folder, "rev-parse", "--verify", "--quiet", "HEAD"),
        origin_url=_without_credentials(_git(folder, "config", "--get", "remote.origin.url")),
        dirty=bool(_git(folder, "status", "--porcelain", "--untracked-files=no")),
    )


def git_setting(folder: Path, name: str) -> str:
    """Return a value of git's configuration, `user.email` for instance, or an empty string."""
    return _git(folder, "config", "--get", name)


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
