"""The commit of a project's sources."""

from __future__ import annotations

import subprocess
from pathlib import Path

from lakewright.runner.planning.definition import DIRTY

_GIT_SECONDS = 10


def git_sha(folder: Path) -> str:
    """The commit; `<sha>-dirty` if tracked files have changed.

    `unknown` without git, and if the repository tracks no file of the folder: then its commit does not describe the project.
    """
    try:
        if not _git(folder, "ls-files", "--", "."):
            return "unknown"
        sha = _git(folder, "rev-parse", "HEAD")
        return f"{sha}{DIRTY}" if _git(folder, "status", "--porcelain", "--untracked-files=no") else sha
    except (OSError, subprocess.SubprocessError):
        return "unknown"


def _git(folder: Path, *arguments: str) -> str:
    command = ["git", "-C", str(folder), *arguments]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=_GIT_SECONDS)
    return done.stdout.strip()
