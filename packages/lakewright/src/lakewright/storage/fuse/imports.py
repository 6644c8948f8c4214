"""Modules in folders and archives below a mount: `sys.path.append("/Workspace/…/files/src")`.

Python's import system looks into folders without the functions of `os`, so a mounted entry of `sys.path` gets the finder of
the place that it stands for.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from lakewright.storage.fuse.mounted_path import Mounts

if TYPE_CHECKING:
    from _typeshed.importlib import PathEntryFinderProtocol


def put_in_place(mounts: Mounts) -> Callable[[], None]:
    """Let Python import from the mounts.

    Returns:
        A function that ends it.
    """
    others = tuple(sys.path_hooks)

    def finder(entry: str) -> PathEntryFinderProtocol:
        try:
            found = mounts.find(entry)
            place = None if found is None else found.for_reading
        except OSError as error:
            raise ImportError(str(error), path=entry) from error
        if place is None:
            raise ImportError("not below a mount", path=entry)
        for other in others:
            with contextlib.suppress(ImportError):
                return other(place)
        raise ImportError("neither a folder nor an archive", path=entry)

    sys.path_hooks.insert(0, finder)
    sys.path_importer_cache.clear()

    def remove() -> None:
        sys.path_hooks.remove(finder)
        sys.path_importer_cache.clear()

    return remove
