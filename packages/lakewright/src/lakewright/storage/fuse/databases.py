"""`sqlite3.connect` with the paths of the mounts, as a name or in a URI."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlsplit

from lakewright.storage.fuse.mounted_path import MountedPath, Mounts
from lakewright.storage.fuse.path_text import text_of

_URI_AT = 6  # the place of `uri` among the arguments after the database, up to Python 3.14
_IN_MEMORY = ":memory:"


def connecting(original: Callable[..., Any], mounts: Mounts) -> Callable[..., Any]:
    """Return `sqlite3.connect`: a database is read and may be written, but for a URI that says `mode=ro`."""

    @functools.wraps(original)
    def connect(database: Any, *args: Any, **options: Any) -> Any:
        text = text_of(database)
        is_uri = bool(options.get("uri", args[_URI_AT] if len(args) > _URI_AT else False))
        if text is not None and is_uri and text.startswith("file:"):
            return original(_uri(text, mounts), *args, **options)
        found = None if text in {None, "", _IN_MEMORY} else mounts.find(database)
        if found is not None:
            database = found.for_opening(reads=True, writes=True)
        return original(database, *args, **options)

    return connect


def _uri(text: str, mounts: Mounts) -> str:
    parts = urlsplit(text)
    path = unquote(parts.path)
    found: MountedPath | None = None if path in {"", _IN_MEMORY} else mounts.find(path)
    if found is None:
        return text
    query = parse_qs(parts.query)
    only_read = query.get("mode", [""])[-1] == "ro" or query.get("immutable", ["0"])[-1] not in {
        "0",
        "off",
        "no",
    }
    local = found.for_opening(reads=True, writes=not only_read)
    return f"file:{quote(local)}" + (f"?{parts.query}" if parts.query else "")
