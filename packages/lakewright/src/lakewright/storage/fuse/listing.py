"""What `os.listdir` and `os.scandir` give below a mount: entries under the paths that the code asked for."""

from __future__ import annotations

import os
from collections.abc import Iterator
from types import TracebackType
from typing import Any

from lakewright.storage import Level
from lakewright.storage.fuse.mounted_path import MountedPath


def names_of(found: MountedPath, listdir: Any) -> list[str]:
    """Return the names in a folder; those of a level come from the catalog."""
    if isinstance(found.target, Level):
        return found.names
    return list(listdir(found.for_reading))


class Entry:
    """An `os.DirEntry` with the path that the code knows.

    Args:
        path: The path of the entry, as the code knows it.
        inner: The entry of the machine; None below a level, where everything is a folder.
    """

    def __init__(self, path: str, inner: os.DirEntry[str] | None) -> None:
        self.path = path
        self.name = path.rpartition("/")[2]
        self._inner = inner

    def __fspath__(self) -> str:
        return self.path

    def __repr__(self) -> str:
        return f"<DirEntry {self.name!r}>"

    def is_dir(self, *, follow_symlinks: bool = True) -> bool:
        """Return whether it is a folder."""
        return self._inner is None or self._inner.is_dir(follow_symlinks=follow_symlinks)

    def is_file(self, *, follow_symlinks: bool = True) -> bool:
        """Return whether it is a file."""
        return self._inner is not None and self._inner.is_file(follow_symlinks=follow_symlinks)

    def is_symlink(self) -> bool:
        """Return whether it is a symbolic link."""
        return self._inner is not None and self._inner.is_symlink()

    def is_junction(self) -> bool:
        """Return False: only Windows has junctions."""
        return False

    def stat(self, *, follow_symlinks: bool = True) -> os.stat_result:
        """Return its size and times."""
        if self._inner is None:
            return os.stat(self.path)  # noqa: PTH116 - a path of the mounts
        return self._inner.stat(follow_symlinks=follow_symlinks)

    def inode(self) -> int:
        """Return its number on the disk."""
        return self.stat().st_ino if self._inner is None else self._inner.inode()


class Scan:
    """What `os.scandir` returns: an iterator that is also a context manager.

    Args:
        entries: The entries.
    """

    def __init__(self, entries: list[Entry]) -> None:
        self._entries = iter(entries)

    def __iter__(self) -> Iterator[Entry]:
        return self

    def __next__(self) -> Entry:
        return next(self._entries)

    def __enter__(self) -> Scan:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the iteration."""
        self._entries = iter(())


def scan_of(found: MountedPath, scandir: Any) -> Scan:
    """Return the entries of a folder under the code's path."""
    if isinstance(found.target, Level):
        return Scan([Entry(f"{found.text}/{name}", None) for name in found.names])
    with scandir(found.for_reading) as inner:
        return Scan([Entry(f"{found.text}/{item.name}", item) for item in inner])
