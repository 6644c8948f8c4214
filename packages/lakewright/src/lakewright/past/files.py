"""Files of a project as they were at a git ref, with what they refer to: copied into a folder, for as long as they are read."""

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from lakewright.past.git import commit_of, contents_of, git

_FILE_MODES, _LINK_MODE = frozenset({"100644", "100755"}), "120000"
_LARGE = 2_000_000  # bytes
_MOST_LINKS = 40  # on the way to one file, as the kernel has it
YAML = (".yaml", ".yml")
_REFERENCE = re.compile(r"\$ref[\"']?\s*:\s*(?:\"([^\"#]+)|'([^'#]+)|([^\"'#\s][^#,}\]\n]*))")


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
def past_of(project: Path, ref: str, *, suffixes: tuple[str, ...] = YAML) -> Iterator[Past]:
    """Copy files of a project, as they are at a ref, into a folder that lasts as long as the block.

    Args:
        project: The project's folder; it may be any folder of a repository.
        ref: A branch, tag or commit.
        suffixes: The endings of the files. Files that one of them refers to by `$ref` are copied too.

    Raises:
        GitError: There is no git, no repository, or no such ref.
    """
    root = Path(git(project, "rev-parse", "--show-toplevel").decode().rstrip("\n"))
    commit = commit_of(project, ref)
    folder = project.resolve().relative_to(root.resolve()).as_posix()
    with tempfile.TemporaryDirectory(prefix="lakewright-past-") as temporary:
        copy = Path(temporary).resolve()
        (copy / folder).mkdir(parents=True, exist_ok=True)
        _copy(project, _tree(project, commit), copy, folder, suffixes)
        yield Past(copy / folder, copy, ref)


@dataclass(frozen=True)
class _Tree:
    """The tree of a commit, by paths in the repository.

    Attributes:
        files: The files, each with its object.
        links: The symbolic links, each with its target as it is written.
        large: The files that are too large to be part of a bundle, such as data.
    """

    files: dict[str, str]
    links: dict[str, str]
    large: frozenset[str]

    def followed(self, name: str) -> tuple[str, list[str]] | None:
        """Return the file that a name leads to, with the links on the way; None if there is none inside of the repository."""
        used: list[str] = []
        while link := next((part for part in _with_folders(name) if part in self.links), None):
            target = PurePosixPath(self.links[link])
            if target.is_absolute() or len(used) == _MOST_LINKS:
                return None
            rest = PurePosixPath(name).relative_to(link)
            name = _normal(PurePosixPath(link).parent / target / rest)
            used.append(link)
        return (name, used) if name in self.files else None


def _with_folders(name: str) -> list[str]:
    """A path and those of the folders around it, the outermost first."""
    path = PurePosixPath(name)
    return [each.as_posix() for each in reversed((path, *path.parents))]


def _tree(project: Path, commit: str) -> _Tree:
    """The whole tree: a link may lead out of the project's folder."""
    listed = git(project, "ls-tree", "-r", "-l", "-z", "--full-tree", commit)
    files, links, large = dict[str, str](), dict[str, str](), set[str]()
    for line in filter(None, os.fsdecode(listed).split("\0")):
        about, _, name = line.partition("\t")
        mode, _, sha, size = about.split()
        if mode in _FILE_MODES:
            files[name] = sha
            if int(size) > _LARGE and not name.endswith(YAML):
                large.add(name)
        elif mode == _LINK_MODE:
            links[name] = sha
    targets = map(os.fsdecode, contents_of(project, list(links.values()))) if links else ()
    return _Tree(files, dict(zip(links, targets, strict=True)), frozenset(large))


def _copy(project: Path, tree: _Tree, copy: Path, folder: str, suffixes: tuple[str, ...]) -> None:
    """Write the files of a folder that have one of the endings, and whatever else one of them refers to; links as links."""
    within = "" if folder == "." else f"{folder}/"
    wanted = {
        name
        for name in (*tree.files, *tree.links)
        if name.startswith(within) and name.endswith(suffixes) and name not in tree.large
    }
    written: set[str] = set()
    while wanted:
        found = [each for name in wanted if (each := tree.followed(name)) is not None]
        for link in dict.fromkeys(link for _, links in found for link in links):
            _place(copy, link).symlink_to(tree.links[link])
        names = sorted({name for name, _ in found} - written)
        contents = contents_of(project, [tree.files[name] for name in names]) if names else []
        for name, content in zip(names, contents, strict=True):
            _place(copy, name).write_bytes(content)
        written |= {*names, *(link for _, links in found for link in links)}
        referred = (_references(name, content) for name, content in zip(names, contents, strict=True))
        wanted = set[str]().union(*referred) - written


def _place(copy: Path, name: str) -> Path:
    path = copy / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    return path


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
