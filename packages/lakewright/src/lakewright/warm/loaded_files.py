"""The files from which a process has loaded its modules: if one has changed since, the process must not be used again."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

_Seen = tuple[int, int, int] | frozenset[str] | None
# A package, a module, the metadata of an installed package. Python itself adds `__pycache__`.
_ENDINGS = {"", ".py", ".pyc", ".so", ".pth", ".dist-info", ".egg-info", ".egg-link"}
_COMPILED = "__pycache__"


class LoadedFiles:
    """The files of the loaded modules, the folders of the import path with their `.pth` files, and `pyvenv.cfg`.

    The names in a folder change if a package is installed, updated or removed there.
    """

    def __init__(self) -> None:
        self._seen: dict[str, _Seen] = {}
        places = [Path(path) for path in sys.path if path]
        listed = [file for place in places for file in place.glob("*.pth")]
        for path in (*places, *listed, Path(sys.prefix, "pyvenv.cfg"), Path(sys.executable)):
            self._seen[str(path)] = _look(str(path))
        self.add_modules()

    def add_modules(self) -> None:
        """Add the files of the modules that were imported since."""
        for module in tuple(sys.modules.values()):
            file = getattr(module, "__file__", None)
            if isinstance(file, str) and file not in self._seen:
                self._seen[file] = _look(file)

    def first_change(self) -> Path | None:
        """Return a file or folder that is not as it was when it was added; None if all are.

        Raises:
            OSError: The system refuses to look.
        """
        return next((Path(path) for path, seen in self._seen.items() if _look(path) != seen), None)


def _look(path: str) -> _Seen:
    try:
        status = os.stat(path)  # noqa: PTH116 - thousands of files, before each fork
        if stat.S_ISDIR(status.st_mode):
            return frozenset(filter(_matters, os.listdir(path)))  # noqa: PTH208 - as above
    except (FileNotFoundError, NotADirectoryError):
        return None
    return status.st_ino, status.st_mtime_ns, status.st_size


def _matters(name: str) -> bool:
    return name != _COMPILED and os.path.splitext(name)[1] in _ENDINGS  # noqa: PTH122 - as above
