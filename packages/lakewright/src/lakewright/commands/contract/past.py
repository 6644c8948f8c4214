"""The contracts of a project as they were at a git ref, with their fragments: copied into a folder, for as long as they are read."""

import os
import re
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from lakewright.errors import LakewrightError

_SECONDS = 120
_FILE_MODES = frozenset({"100644", "100755"})
_SUFFIXES = (".yaml", ".yml")
_REFERENCE = re.compile(r"\$ref[\"']?\s*:\s*(?:\"([^\"#]+)|'([^'#]+)|([^\"'#\s][^#,}\]\n]*))")


class GitError(LakewrightError, RuntimeError):
    """Raised when the state of a git ref cannot be read."""


@dataclass(frozen=True)
class Past:
    """A copy of a project at a ref.

    Attributes:
        project: The folder of the project in the copy.
        root: The folder of the whole copy; paths below it are those in the repository.
        ref: The ref.
    """

    project: Path
    root: Path
    ref: str


@contextmanager
def past_of(project: Path, ref: str) -> Iterator[Past]:
    """Copy the contracts and fragments of a project, as they are at a ref, into a folder that lasts as long as the block.

    Args:
        project: The project's folder; it may be any folder of a repository.
        ref: A branch, tag or commit.

    Raises:
        GitError: There is no git, no repository, or no such ref.
    """
    root = Path(_git(project, "rev-parse", "--show-toplevel").decode().rstrip("\n"))
    commit = _commit(project, ref)
    folder = project.resolve().relative_to(root.resolve()).as_posix()
    with tempfile.TemporaryDirectory(prefix="lakewright-contracts-") as temporary:
        copy = Path(temporary).resolve()
        (copy / folder).mkdir(parents=True, exist_ok=True)
        _copy(project, _files(project, commit, folder), copy)
        yield Past(copy / folder, copy, ref)


def _commit(project: Path, ref: str) -> str:
    name = f"refs/{ref}" if ref.startswith("-") else ref  # an option is no ref
    try:
        return _git(project, "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}").decode().strip()
    except GitError as error:
        raise GitError(
            f"git knows no commit `{ref}`",
            location=str(project),
            fix="fetch it: git fetch origin; in CI fetch its history too (actions/checkout: fetch-depth: 0)",
        ) from error


def _files(project: Path, commit: str, folder: str) -> dict[str, str]:
    """The files of a folder at a commit, each with its object."""
    listed = _git(project, "ls-tree", "-r", "-z", "--full-tree", commit, "--", folder or ".")
    found = {}
    for line in filter(None, os.fsdecode(listed).split("\0")):
        about, _, name = line.partition("\t")
        mode, _, sha = about.split(" ", 2)
        if mode in _FILE_MODES:
            found[name] = sha
    return found


def _copy(project: Path, files: dict[str, str], copy: Path) -> None:
    """Write the files that may be contracts or fragments, and whatever else one of them refers to."""
    wanted = [name for name in files if name.endswith(_SUFFIXES)]
    written: set[str] = set()
    while wanted:
        contents = _contents(project, [files[name] for name in wanted])
        referred: set[str] = set()
        for name, content in zip(wanted, contents, strict=True):
            target = copy / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
            referred |= _references(name, content)
        written.update(wanted)
        wanted = sorted((referred & set(files)) - written)


def _references(name: str, content: bytes) -> set[str]:
    """The files that a text may refer to, by their paths in the repository."""
    text = content.decode("utf-8", errors="replace")
    folder = PurePosixPath(name).parent
    found = ("".join(groups).strip() for groups in _REFERENCE.findall(text))
    return {_normal(folder / path) for path in found if path}


def _normal(path: PurePosixPath) -> str:
    parts: list[str] = []
    for part in path.parts:
        if part == ".." and parts:
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts)


def _contents(project: Path, objects: Sequence[str]) -> list[bytes]:
    """The contents of objects, by one process."""
    answer = _git(project, "cat-file", "--batch", given="".join(f"{sha}\n" for sha in objects).encode())
    found, at = [], 0
    for _ in objects:
        line_end = answer.index(b"\n", at)
        size = int(answer[at:line_end].split()[2])
        found.append(answer[line_end + 1 : line_end + 1 + size])
        at = line_end + 1 + size + 1
    return found


def _git(folder: Path, *arguments: str, given: bytes | None = None) -> bytes:
    command = ["git", "-C", str(folder), *arguments]
    try:
        done = subprocess.run(command, check=True, capture_output=True, input=given, timeout=_SECONDS)
    except FileNotFoundError as error:
        raise GitError("git is not installed", fix="install git, or compare two files: OLD NEW") from error
    except subprocess.CalledProcessError as error:
        said = error.stderr.decode(errors="replace").strip().splitlines()
        raise GitError(
            said[0] if said else f"git {arguments[0]} failed",
            location=str(folder),
            fix="run it in a git repository, or compare two files: lakewright contract diff OLD NEW",
        ) from error
    except subprocess.TimeoutExpired as error:
        raise GitError(
            f"git {arguments[0]} did not end within {_SECONDS} seconds",
            location=str(folder),
            fix="compare two files: lakewright contract diff OLD NEW",
        ) from error
    return done.stdout
