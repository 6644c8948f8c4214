"""Git, asked by its own program: the commit of a ref, and the contents of objects."""

import subprocess
from collections.abc import Sequence
from pathlib import Path

from lakewright.errors import LakewrightError

_SECONDS = 120


class GitError(LakewrightError, RuntimeError):
    """Raised when the state of a git ref cannot be read."""


class ForeignRepositoryError(GitError):
    """Raised when git refuses a repository because another user owns its folder, as in a container of a CI system."""


def _trust(said: str) -> str:
    folder = said.partition("'")[2].rstrip("'") or "FOLDER"
    return f"if you trust its owner: git config --global --add safe.directory '{folder}'"


def commit_of(project: Path, ref: str) -> str:
    """Return the commit that a ref names.

    Args:
        project: A folder of the repository.
        ref: A branch, tag or commit.

    Raises:
        GitError: There is no git, no repository, or no such ref.
    """
    name = f"refs/{ref}" if ref.startswith("-") else ref  # an option is no ref
    try:
        return git(project, "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}").decode().strip()
    except GitError as error:
        raise GitError(
            f"git knows no commit `{ref}`",
            location=str(project),
            fix="fetch it: git fetch origin; in CI fetch its history too (actions/checkout: fetch-depth: 0)",
        ) from error


def contents_of(project: Path, objects: Sequence[str]) -> list[bytes]:
    """Return the contents of objects, by one process."""
    answer = git(project, "cat-file", "--batch", given="".join(f"{sha}\n" for sha in objects).encode())
    found, at = [], 0
    for _ in objects:
        line_end = answer.index(b"\n", at)
        size = int(answer[at:line_end].split()[2])
        found.append(answer[line_end + 1 : line_end + 1 + size])
        at = line_end + 1 + size + 1
    return found


def git(folder: Path, *arguments: str, given: bytes | None = None) -> bytes:
    """Return what git prints.

    Args:
        folder: The folder that it runs in.
        arguments: Its arguments.
        given: Its input.

    Raises:
        GitError: There is no git, or it fails.
    """
    command = ["git", "-C", str(folder), *arguments]
    try:
        done = subprocess.run(command, check=True, capture_output=True, input=given, timeout=_SECONDS)
    except FileNotFoundError as error:
        raise GitError("git is not installed", fix="install git") from error
    except subprocess.CalledProcessError as error:
        said = error.stderr.decode(errors="replace").strip().splitlines()
        if said and "dubious ownership" in said[0]:
            raise ForeignRepositoryError(said[0], location=str(folder), fix=_trust(said[0])) from error
        raise GitError(
            said[0] if said else f"git {arguments[0]} failed",
            location=str(folder),
            fix="run it in a git repository; two files need none: lakewright contract diff OLD NEW",
        ) from error
    except subprocess.TimeoutExpired as error:
        raise GitError(
            f"git {arguments[0]} did not end within {_SECONDS} seconds",
            location=str(folder),
            fix="try it alone: git status; two files need no git: lakewright contract diff OLD NEW",
        ) from error
    return done.stdout
