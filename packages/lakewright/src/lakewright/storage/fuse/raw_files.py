"""`io.FileIO` with the paths of the mounts."""

from __future__ import annotations

import io
from typing import Any

from lakewright.storage.fuse.mounted_path import Mounts
from lakewright.storage.fuse.path_text import same_kind


def raw_file(mounts: Mounts) -> type[io.FileIO]:
    """Return a class in the place of `io.FileIO`; what `open` makes is one of its objects too."""
    original: Any = io.FileIO

    class _AnyRawFile(type(original)):  # type: ignore[misc]  # the type of a value
        def __instancecheck__(cls, instance: object) -> bool:
            return isinstance(instance, original)

        def __subclasscheck__(cls, kind: type) -> bool:
            return issubclass(kind, original)

    class FileIO(original, metaclass=_AnyRawFile):  # type: ignore[misc]  # as above
        __doc__ = original.__doc__

        def __init__(self, file: Any, mode: str = "r", *args: Any, **options: Any) -> None:
            found = mounts.find(file)
            if found is not None:
                changes = any(sign in mode for sign in "wax+")
                reads = "r" in mode or "+" in mode
                file = same_kind(file, found.for_opening(reads=reads, writes=changes))
            super().__init__(file, mode, *args, **options)

    return FileIO
