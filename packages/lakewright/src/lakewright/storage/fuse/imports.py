"""Modules in folders below a mount: `sys.path.append("/Workspace/…/files/src")`.

Python's import system looks into folders without the functions of `os`, so a mounted entry of `sys.path` gets the finder of
the folder that it stands for.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib.abc import PathEntryFinder
from importlib.machinery import (
    BYTECODE_SUFFIXES,
    EXTENSION_SUFFIXES,
    SOURCE_SUFFIXES,
    ExtensionFileLoader,
    FileFinder,
    SourceFileLoader,
    SourcelessFileLoader,
)

from lakewright.storage.fuse.mounted_path import Mounts

_LOADERS = (
    (ExtensionFileLoader, EXTENSION_SUFFIXES),
    (SourceFileLoader, SOURCE_SUFFIXES),
    (SourcelessFileLoader, BYTECODE_SUFFIXES),
)


def put_in_place(mounts: Mounts) -> Callable[[], None]:
    """Let Python import from the mounts.

    Returns:
        A function that ends it.
    """

    def finder(entry: str) -> PathEntryFinder:
        try:
            found = mounts.find(entry)
        except OSError as error:
            raise ImportError(str(error)) from error
        if found is None:
            raise ImportError("not below a mount", path=entry)
        return FileFinder(found.for_reading, *_LOADERS)

    sys.path_hooks.insert(0, finder)
    sys.path_importer_cache.clear()

    def remove() -> None:
        sys.path_hooks.remove(finder)
        sys.path_importer_cache.clear()

    return remove
