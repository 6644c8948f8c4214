"""Which files a deployment leaves out, and why: `.gitignore` files, `sync.exclude`, `sync.paths`.

The rules are those of the Databricks CLI, which reads the `.gitignore` files itself: a file that git tracks is left
out all the same if a pattern matches it, and a bundle outside of a repository has them too. A pattern of a deeper
`.gitignore` cannot take back what a higher one leaves out. Source: databricks/cli, libs/sync/filelist.go and
libs/git/repository.go.
"""

import os
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any

from lakewright.bundle.model.bundle import Bundle
from lakewright.bundle.resolving.git import ignore_files
from lakewright.bundle.uploads.patterns import Patterns

_NEVER = {".git", ".databricks"}


class Uploads:
    """The files of one bundle that a deployment uploads."""

    def __init__(self, bundle: Bundle) -> None:
        self.root = bundle.sync_root
        self.sync: dict[str, Any] = bundle.resolved.get("sync") or {}
        self._read: dict[Path, Patterns] = {}

    def left_out(self, file: Path) -> str | None:
        """Return why a file is not uploaded, such as ``line 3 of .gitignore, `*.py` ``; None if it is uploaded.

        Args:
            file: A file below the folder that is uploaded; for any other, None is returned.
        """
        if not file.is_relative_to(self.root):
            return None
        name = file.relative_to(self.root).as_posix()
        if pattern := self._exclude.deciding(name):
            return f"`sync.exclude` holds `{pattern}`"
        if self._include.deciding(name):
            return None
        paths = [str(path) for path in self.sync.get("paths") or ()]
        if not any(PurePosixPath(name).is_relative_to(path) for path in paths):
            listed = ", ".join(f"`{path}`" for path in paths)
            return f"`sync.paths` holds only {listed}" if paths else "`sync.paths` is empty"
        return self._ignored(file)

    def without_match(self, patterns: Iterable[str]) -> Iterator[int]:
        """Yield the positions of the patterns (`sync.include`, `sync.exclude`) that no file matches."""
        for index, pattern in enumerate(patterns):
            spec = Patterns([pattern.removeprefix("!")])
            if not any(spec.deciding(name) for name in self._names):
                yield index

    @cached_property
    def _names(self) -> list[str]:
        """The names of all files below the folder that is uploaded; links are not followed."""
        found = []
        for folder, _, files in os.walk(self.root):
            base = Path(folder).relative_to(self.root)
            found += [(base / name).as_posix() for name in files]
        return found

    @cached_property
    def _exclude(self) -> Patterns:
        return Patterns(self.sync.get("exclude") or ())

    @cached_property
    def _include(self) -> Patterns:
        return Patterns(self.sync.get("include") or ())

    @cached_property
    def _worktree(self) -> Path:
        """The folder of the repository, or the folder that is uploaded if there is none."""
        folders = (self.root, *self.root.parents)
        return next((folder for folder in folders if (folder / ".git").exists()), self.root)

    def _ignored(self, file: Path) -> str | None:
        """Return the pattern that ignores a file or a folder above it."""
        if never := _NEVER.intersection(file.relative_to(self.root).parts):
            return f"`{never.pop()}` is never uploaded"
        for path in (
            *reversed(file.relative_to(self._worktree).parents[:-1]),
            file.relative_to(self._worktree),
        ):
            is_folder = self._worktree / path != file
            for source in self._sources(path):
                spec = self._spec_of(source)
                base = source.parent if source.name == ".gitignore" else self._worktree
                below = (self._worktree / path).relative_to(base).as_posix()
                for name in (below, f"{below}/") if is_folder else (below,):
                    if pattern := spec.deciding(name):
                        return f"{self._shown(source)} holds `{pattern}`"
        return None

    def _sources(self, path: Path) -> list[Path]:
        """Return the files with patterns that apply to a path: those of git, and each `.gitignore` above it."""
        above = [self._worktree / folder / ".gitignore" for folder in reversed(path.parents)]
        return [*self._files_of_git, *(file for file in above if file.is_file())]

    @cached_property
    def _files_of_git(self) -> tuple[Path, ...]:
        return ignore_files(self._worktree) if (self._worktree / ".git").exists() else ()

    def _spec_of(self, source: Path) -> Patterns:
        if source not in self._read:
            self._read[source] = Patterns(source.read_text(encoding="utf-8", errors="replace").splitlines())
        return self._read[source]

    def _shown(self, source: Path) -> str:
        return (
            source.relative_to(self._worktree).as_posix()
            if source.is_relative_to(self._worktree)
            else str(source)
        )
